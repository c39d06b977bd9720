// Collapse, compute, expand: the reshapes move no data.
// call: main(6x20xf32)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<6x20xf32>) -> tensor<3x2x4x5xf32> {
  %flat = tensor.collapse_shape %x [[0, 1]] : tensor<6x20xf32> into tensor<120xf32>
  %e = tensor.empty() : tensor<120xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%flat : tensor<120xf32>) outs(%e : tensor<120xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = arith.addf %v, %v : f32
    linalg.yield %s : f32
  } -> tensor<120xf32>
  %out = tensor.expand_shape %y [[0, 1, 2, 3]] output_shape [3, 2, 4, 5] : tensor<120xf32> into tensor<3x2x4x5xf32>
  return %out : tensor<3x2x4x5xf32>
}
