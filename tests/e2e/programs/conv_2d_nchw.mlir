// Channels first.
// call: main(2x3x12x10xf32, 4x3x3x3xf32)
func.func @main(%x: tensor<2x3x12x10xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<2x4x10x8xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x4x10x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x4x10x8xf32>) -> tensor<2x4x10x8xf32>
  %y = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<2x3x12x10xf32>, tensor<4x3x3x3xf32>) outs(%init : tensor<2x4x10x8xf32>) -> tensor<2x4x10x8xf32>
  return %y : tensor<2x4x10x8xf32>
}
