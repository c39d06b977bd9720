// Sum along the innermost dimension.
// call: main(45x67xf32)
func.func @main(%x: tensor<45x67xf32>) -> tensor<45xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<45xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<45xf32>) -> tensor<45xf32>
  %y = linalg.reduce ins(%x : tensor<45x67xf32>) outs(%init : tensor<45xf32>) dimensions = [1]
    (%v: f32, %acc: f32) {
      %s = arith.addf %v, %acc : f32
      linalg.yield %s : f32
    }
  return %y : tensor<45xf32>
}
