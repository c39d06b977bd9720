// A ragged 2-D transpose.
// call: main(37x53xf32)
func.func @main(%x: tensor<37x53xf32>) -> tensor<53x37xf32> {
  %e = tensor.empty() : tensor<53x37xf32>
  %y = linalg.transpose ins(%x : tensor<37x53xf32>) outs(%e : tensor<53x37xf32>) permutation = [1, 0]
  return %y : tensor<53x37xf32>
}
