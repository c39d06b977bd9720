// Dot product into a rank-0 tensor.
// call: main(1000xf32, 1000xf32)
func.func @main(%x: tensor<1000xf32>, %y: tensor<1000xf32>) -> tensor<f32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<f32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<f32>) -> tensor<f32>
  %d = linalg.dot ins(%x, %y : tensor<1000xf32>, tensor<1000xf32>) outs(%init : tensor<f32>) -> tensor<f32>
  return %d : tensor<f32>
}
