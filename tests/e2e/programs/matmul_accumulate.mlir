// The result is added to an argument, which the caller must find unchanged.
// IREE 3.13 returns the argument changed; values do not change.
// call: main(24x16xf32, 16x40xf32, 24x40xf32)
func.func @main(%a: tensor<24x16xf32>, %b: tensor<16x40xf32>, %c: tensor<24x40xf32>) -> (tensor<24x40xf32>, tensor<24x40xf32>) {
  %0 = linalg.matmul ins(%a, %b : tensor<24x16xf32>, tensor<16x40xf32>) outs(%c : tensor<24x40xf32>) -> tensor<24x40xf32>
  return %0, %c : tensor<24x40xf32>, tensor<24x40xf32>
}
