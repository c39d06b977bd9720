// One channel in, every second pixel.
// call: main(2x31x21x1xf32, 3x3x1x8xf32)
func.func @main(%a: tensor<2x31x21x1xf32>, %b: tensor<3x3x1x8xf32>) -> tensor<2x15x10x8xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x15x10x8xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<2x15x10x8xf32>) -> tensor<2x15x10x8xf32>
  %r = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%a, %b : tensor<2x31x21x1xf32>, tensor<3x3x1x8xf32>) outs(%f : tensor<2x15x10x8xf32>) -> tensor<2x15x10x8xf32>
  return %r : tensor<2x15x10x8xf32>
}
