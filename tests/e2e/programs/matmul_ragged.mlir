// No dimension is a multiple of a vector or a tile.
// call: main(37x53xf32, 53x29xf32)
func.func @main(%a: tensor<37x53xf32>, %b: tensor<53x29xf32>) -> tensor<37x29xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<37x29xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<37x29xf32>) -> tensor<37x29xf32>
  %c = linalg.matmul ins(%a, %b : tensor<37x53xf32>, tensor<53x29xf32>) outs(%init : tensor<37x29xf32>) -> tensor<37x29xf32>
  return %c : tensor<37x29xf32>
}
