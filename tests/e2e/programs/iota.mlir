// Coordinates as values, no tensor argument at all.
// call: main(i32=7)
func.func @main(%bias: i32) -> tensor<13x9xi32> {
  %e = tensor.empty() : tensor<13x9xi32>
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<13x9xi32>) {
  ^bb0(%o: i32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %ii = arith.index_cast %i : index to i32
    %jj = arith.index_cast %j : index to i32
    %ten = arith.constant 10 : i32
    %p = arith.muli %ii, %ten : i32
    %s = arith.addi %p, %jj : i32
    %t = arith.addi %s, %bias : i32
    linalg.yield %t : i32
  } -> tensor<13x9xi32>
  return %y : tensor<13x9xi32>
}
