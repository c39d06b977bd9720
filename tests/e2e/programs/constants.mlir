// A splat, a small dense constant and a boolean mask take part in the computation.
// call: main(2x5xf32)
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<2x5xf32>) -> tensor<2x5xf32> {
  %splat = arith.constant dense<0.25> : tensor<2x5xf32>
  %dense = arith.constant dense<[[1.0, -2.0, 3.5, 0.125, 9.0], [5.0, 6.0, -7.75, 8.0, 1.0e3]]> : tensor<2x5xf32>
  %mask = arith.constant dense<[[true, false, true, true, false], [false, false, true, false, true]]> : tensor<2x5xi1>
  %e = tensor.empty() : tensor<2x5xf32>
  %y = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %splat, %dense, %mask : tensor<2x5xf32>, tensor<2x5xf32>, tensor<2x5xf32>, tensor<2x5xi1>) outs(%e : tensor<2x5xf32>) {
  ^bb0(%v: f32, %s: f32, %d: f32, %m: i1, %o: f32):
    %p = arith.mulf %v, %s : f32
    %q = arith.addf %p, %d : f32
    %r = arith.select %m, %q, %v : f32
    linalg.yield %r : f32
  } -> tensor<2x5xf32>
  return %y : tensor<2x5xf32>
}
