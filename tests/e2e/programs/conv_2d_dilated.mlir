// Dilation 2 in both directions.
// call: main(1x13x11x4xf32, 3x3x4x6xf32)
func.func @main(%x: tensor<1x13x11x4xf32>, %w: tensor<3x3x4x6xf32>) -> tensor<1x9x7x6xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x9x7x6xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x9x7x6xf32>) -> tensor<1x9x7x6xf32>
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<2> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<1x13x11x4xf32>, tensor<3x3x4x6xf32>) outs(%init : tensor<1x9x7x6xf32>) -> tensor<1x9x7x6xf32>
  return %y : tensor<1x9x7x6xf32>
}
