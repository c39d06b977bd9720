// 2x2 max pooling, stride 2.
// call: main(1x12x10x6xf32)
func.func @main(%x: tensor<1x12x10x6xf32>) -> tensor<1x6x5x6xf32> {
  %lowest = arith.constant 0xFF800000 : f32
  %window = tensor.empty() : tensor<2x2xf32>
  %empty = tensor.empty() : tensor<1x6x5x6xf32>
  %init = linalg.fill ins(%lowest : f32) outs(%empty : tensor<1x6x5x6xf32>) -> tensor<1x6x5x6xf32>
  %y = linalg.pooling_nhwc_max {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%x, %window : tensor<1x12x10x6xf32>, tensor<2x2xf32>) outs(%init : tensor<1x6x5x6xf32>) -> tensor<1x6x5x6xf32>
  return %y : tensor<1x6x5x6xf32>
}
