// A vector is broadcast over the rows, then relu.
// call: main(27x65xf32, 65xf32)
#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>
func.func @main(%x: tensor<27x65xf32>, %b: tensor<65xf32>) -> tensor<27x65xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<27x65xf32>
  %y = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %b : tensor<27x65xf32>, tensor<65xf32>) outs(%e : tensor<27x65xf32>) {
  ^bb0(%v: f32, %w: f32, %o: f32):
    %s = arith.addf %v, %w : f32
    %m = arith.maximumf %s, %zero : f32
    linalg.yield %m : f32
  } -> tensor<27x65xf32>
  return %y : tensor<27x65xf32>
}
