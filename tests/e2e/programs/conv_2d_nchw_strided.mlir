// Channels first, steps of two and three.
// call: main(1x8x21x40xf32 in -1..1, 9x8x3x4xf32 in -1..1)
func.func @main(%x: tensor<1x8x21x40xf32>, %w: tensor<9x8x3x4xf32>) -> tensor<1x9x10x13xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x9x10x13xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x9x10x13xf32>) -> tensor<1x9x10x13xf32>
  %y = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<[2, 3]> : tensor<2xi64>} ins(%x, %w : tensor<1x8x21x40xf32>, tensor<9x8x3x4xf32>) outs(%init : tensor<1x9x10x13xf32>) -> tensor<1x9x10x13xf32>
  return %y : tensor<1x9x10x13xf32>
}
