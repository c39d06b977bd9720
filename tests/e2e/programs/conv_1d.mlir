// One spatial dimension, channels last.
// call: main(2x30x5xf32, 4x5x9xf32)
func.func @main(%x: tensor<2x30x5xf32>, %w: tensor<4x5x9xf32>) -> tensor<2x27x9xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x27x9xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x27x9xf32>) -> tensor<2x27x9xf32>
  %y = linalg.conv_1d_nwc_wcf {dilations = dense<1> : tensor<1xi64>, strides = dense<1> : tensor<1xi64>} ins(%x, %w : tensor<2x30x5xf32>, tensor<4x5x9xf32>) outs(%init : tensor<2x27x9xf32>) -> tensor<2x27x9xf32>
  return %y : tensor<2x27x9xf32>
}
