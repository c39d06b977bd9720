// (x + y) * x with one static and one dynamic dimension.
// call: main(5x16xf32, 5x16xf32)
// call: main(100x16xf32, 100x16xf32)
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<?x16xf32>, %y: tensor<?x16xf32>) -> tensor<?x16xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x16xf32>
  %e = tensor.empty(%m) : tensor<?x16xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<?x16xf32>, tensor<?x16xf32>) outs(%e : tensor<?x16xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %p = arith.mulf %s, %a : f32
    linalg.yield %p : f32
  } -> tensor<?x16xf32>
  return %0 : tensor<?x16xf32>
}
