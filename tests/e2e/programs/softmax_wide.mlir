// Rows that many threads share: of 4096 elements, and of a number that they do not share evenly.
// call: main(5x4096xf32 in -8..8, 3x2050xf32 in -8..8)
func.func @main(%x: tensor<5x4096xf32>, %y: tensor<3x2050xf32>) -> (tensor<5x4096xf32>, tensor<3x2050xf32>) {
  %ex = tensor.empty() : tensor<5x4096xf32>
  %ey = tensor.empty() : tensor<3x2050xf32>
  %sx = linalg.softmax dimension(1) ins(%x : tensor<5x4096xf32>) outs(%ex : tensor<5x4096xf32>) -> tensor<5x4096xf32>
  %sy = linalg.softmax dimension(1) ins(%y : tensor<3x2050xf32>) outs(%ey : tensor<3x2050xf32>) -> tensor<3x2050xf32>
  return %sx, %sy : tensor<5x4096xf32>, tensor<3x2050xf32>
}
