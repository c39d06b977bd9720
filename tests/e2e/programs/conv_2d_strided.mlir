// Stride 2 in one direction and 3 in the other, two images.
// call: main(2x15x16x3xf32, 3x4x3x5xf32)
func.func @main(%x: tensor<2x15x16x3xf32>, %w: tensor<3x4x3x5xf32>) -> tensor<2x7x5x5xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x7x5x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x7x5x5xf32>) -> tensor<2x7x5x5xf32>
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<[2, 3]> : tensor<2xi64>} ins(%x, %w : tensor<2x15x16x3xf32>, tensor<3x4x3x5xf32>) outs(%init : tensor<2x7x5x5xf32>) -> tensor<2x7x5x5xf32>
  return %y : tensor<2x7x5x5xf32>
}
