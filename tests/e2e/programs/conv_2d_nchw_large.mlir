// Channels first, with lines that are no multiple of a vector, and several workgroups.
// call: main(2x5x19x37xf32 in -1..1, 6x5x3x3xf32 in -1..1)
func.func @main(%x: tensor<2x5x19x37xf32>, %w: tensor<6x5x3x3xf32>) -> tensor<2x6x17x35xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x6x17x35xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x6x17x35xf32>) -> tensor<2x6x17x35xf32>
  %y = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<2x5x19x37xf32>, tensor<6x5x3x3xf32>) outs(%init : tensor<2x6x17x35xf32>) -> tensor<2x6x17x35xf32>
  return %y : tensor<2x6x17x35xf32>
}
