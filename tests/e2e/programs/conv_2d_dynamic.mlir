// Nothing known but the window: lines, pixels and channels of any number.
// call: main(2x9x21x6xf32 in -1..1, 3x3x6x19xf32 in -1..1)
// call: main(1x3x3x1xf32, 3x3x1x1xf32)
func.func @main(%x: tensor<?x?x?x?xf32>, %w: tensor<3x3x?x?xf32>) -> tensor<?x?x?x?xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %n = tensor.dim %x, %c0 : tensor<?x?x?x?xf32>
  %h = tensor.dim %x, %c1 : tensor<?x?x?x?xf32>
  %v = tensor.dim %x, %c2 : tensor<?x?x?x?xf32>
  %f = tensor.dim %w, %c3 : tensor<3x3x?x?xf32>
  %oh = arith.subi %h, %c2 : index
  %ow = arith.subi %v, %c2 : index
  %empty = tensor.empty(%n, %oh, %ow, %f) : tensor<?x?x?x?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32>
  %y = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<?x?x?x?xf32>, tensor<3x3x?x?xf32>) outs(%init : tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32>
  return %y : tensor<?x?x?x?xf32>
}
