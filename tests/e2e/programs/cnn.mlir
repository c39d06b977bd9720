// Convolution, bias, relu, max pooling, flattening and a dense layer.
// call: main(2x16x16x3xf32, 3x3x3x8xf32, 8xf32, 392x10xf32, 10xf32)
#id = affine_map<(n, h, w, c) -> (n, h, w, c)>
#channel = affine_map<(n, h, w, c) -> (c)>
#id2 = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>
func.func @main(%x: tensor<2x16x16x3xf32>, %w: tensor<3x3x3x8xf32>, %b: tensor<8xf32>, %dw: tensor<392x10xf32>, %db: tensor<10xf32>) -> tensor<2x10xf32> {
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %ec = tensor.empty() : tensor<2x14x14x8xf32>
  %ic = linalg.fill ins(%zero : f32) outs(%ec : tensor<2x14x14x8xf32>) -> tensor<2x14x14x8xf32>
  %conv = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%x, %w : tensor<2x16x16x3xf32>, tensor<3x3x3x8xf32>) outs(%ic : tensor<2x14x14x8xf32>) -> tensor<2x14x14x8xf32>
  %act = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%conv, %b : tensor<2x14x14x8xf32>, tensor<8xf32>) outs(%ec : tensor<2x14x14x8xf32>) {
  ^bb0(%v: f32, %c: f32, %o: f32):
    %s = arith.addf %v, %c : f32
    %r = arith.maximumf %s, %zero : f32
    linalg.yield %r : f32
  } -> tensor<2x14x14x8xf32>
  %window = tensor.empty() : tensor<2x2xf32>
  %ep = tensor.empty() : tensor<2x7x7x8xf32>
  %ip = linalg.fill ins(%lowest : f32) outs(%ep : tensor<2x7x7x8xf32>) -> tensor<2x7x7x8xf32>
  %pool = linalg.pooling_nhwc_max {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%act, %window : tensor<2x14x14x8xf32>, tensor<2x2xf32>) outs(%ip : tensor<2x7x7x8xf32>) -> tensor<2x7x7x8xf32>
  %flat = tensor.collapse_shape %pool [[0], [1, 2, 3]] : tensor<2x7x7x8xf32> into tensor<2x392xf32>
  %ey = tensor.empty() : tensor<2x10xf32>
  %iy = linalg.fill ins(%zero : f32) outs(%ey : tensor<2x10xf32>) -> tensor<2x10xf32>
  %y = linalg.matmul ins(%flat, %dw : tensor<2x392xf32>, tensor<392x10xf32>) outs(%iy : tensor<2x10xf32>) -> tensor<2x10xf32>
  %out = linalg.generic {indexing_maps = [#id2, #col, #id2], iterator_types = ["parallel", "parallel"]} ins(%y, %db : tensor<2x10xf32>, tensor<10xf32>) outs(%ey : tensor<2x10xf32>) {
  ^bb0(%v: f32, %c: f32, %o: f32):
    %s = arith.addf %v, %c : f32
    linalg.yield %s : f32
  } -> tensor<2x10xf32>
  return %out : tensor<2x10xf32>
}
