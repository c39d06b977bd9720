// Five independent products of ragged shapes.
// call: main(5x17x33xf32, 5x33x21xf32)
func.func @main(%a: tensor<5x17x33xf32>, %b: tensor<5x33x21xf32>) -> tensor<5x17x21xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<5x17x21xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<5x17x21xf32>) -> tensor<5x17x21xf32>
  %c = linalg.batch_matmul ins(%a, %b : tensor<5x17x33xf32>, tensor<5x33x21xf32>) outs(%init : tensor<5x17x21xf32>) -> tensor<5x17x21xf32>
  return %c : tensor<5x17x21xf32>
}
