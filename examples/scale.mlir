// max(2 a + b, 0), element by element: one kernel, which examples/vulkan and examples/cuda replace.
func.func @main(%a: tensor<65536xf32>, %b: tensor<65536xf32>) -> tensor<65536xf32> {
  %two = arith.constant dense<2.0> : tensor<65536xf32>
  %zero = arith.constant dense<0.0> : tensor<65536xf32>
  %0 = arith.mulf %a, %two : tensor<65536xf32>
  %1 = arith.addf %0, %b : tensor<65536xf32>
  %2 = arith.maximumf %1, %zero : tensor<65536xf32>
  return %2 : tensor<65536xf32>
}
