// Rows that no vector divides.
// call: main(37x1009xf32 in -4..4)
func.func @main(%x: tensor<37x1009xf32>) -> tensor<37x1009xf32> {
  %e = tensor.empty() : tensor<37x1009xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<37x1009xf32>) outs(%e : tensor<37x1009xf32>) -> tensor<37x1009xf32>
  return %y : tensor<37x1009xf32>
}
