// linalg.softmax along the innermost dimension.
// call: main(33x77xf32 in -8..8)
func.func @main(%x: tensor<33x77xf32>) -> tensor<33x77xf32> {
  %empty = tensor.empty() : tensor<33x77xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<33x77xf32>) outs(%empty : tensor<33x77xf32>) -> tensor<33x77xf32>
  return %y : tensor<33x77xf32>
}
