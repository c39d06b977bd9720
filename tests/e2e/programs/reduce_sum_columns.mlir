// Sum along the outermost dimension.
// call: main(45x67xf32)
func.func @main(%x: tensor<45x67xf32>) -> tensor<67xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<67xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<67xf32>) -> tensor<67xf32>
  %y = linalg.reduce ins(%x : tensor<45x67xf32>) outs(%init : tensor<67xf32>) dimensions = [0]
    (%v: f32, %acc: f32) {
      %s = arith.addf %v, %acc : f32
      linalg.yield %s : f32
    }
  return %y : tensor<67xf32>
}
