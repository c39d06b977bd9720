// 3x3 average pooling with overlapping windows: a sum, then a division.
// call: main(2x9x9x5xf32)
#id = affine_map<(n, h, w, c) -> (n, h, w, c)>
func.func @main(%x: tensor<2x9x9x5xf32>) -> tensor<2x7x7x5xf32> {
  %zero = arith.constant 0.0 : f32
  %nine = arith.constant 9.0 : f32
  %window = tensor.empty() : tensor<3x3xf32>
  %empty = tensor.empty() : tensor<2x7x7x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x7x7x5xf32>) -> tensor<2x7x7x5xf32>
  %sum = linalg.pooling_nhwc_sum {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %window : tensor<2x9x9x5xf32>, tensor<3x3xf32>) outs(%init : tensor<2x7x7x5xf32>) -> tensor<2x7x7x5xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%sum : tensor<2x7x7x5xf32>) outs(%empty : tensor<2x7x7x5xf32>) {
  ^bb0(%s: f32, %o: f32):
    %q = arith.divf %s, %nine : f32
    linalg.yield %q : f32
  } -> tensor<2x7x7x5xf32>
  return %y : tensor<2x7x7x5xf32>
}
