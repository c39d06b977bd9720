// Minimum over everything, into a rank-0 tensor.
// call: main(23x41xf32)
func.func @main(%x: tensor<23x41xf32>) -> tensor<f32> {
  %highest = arith.constant 0x7F800000 : f32
  %empty = tensor.empty() : tensor<f32>
  %init = linalg.fill ins(%highest : f32) outs(%empty : tensor<f32>) -> tensor<f32>
  %y = linalg.reduce ins(%x : tensor<23x41xf32>) outs(%init : tensor<f32>) dimensions = [0, 1]
    (%v: f32, %acc: f32) {
      %m = arith.minimumf %v, %acc : f32
      linalg.yield %m : f32
    }
  return %y : tensor<f32>
}
