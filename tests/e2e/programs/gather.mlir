// Rows of a table by index: an embedding look-up.
// call: main(50x24xf32, 17xi32 in 0..50)
#idx = affine_map<(i, j) -> (i)>
#out = affine_map<(i, j) -> (i, j)>
func.func @main(%table: tensor<50x24xf32>, %indices: tensor<17xi32>) -> tensor<17x24xf32> {
  %e = tensor.empty() : tensor<17x24xf32>
  %y = linalg.generic {indexing_maps = [#idx, #out], iterator_types = ["parallel", "parallel"]} ins(%indices : tensor<17xi32>) outs(%e : tensor<17x24xf32>) {
  ^bb0(%i: i32, %o: f32):
    %row = arith.index_cast %i : i32 to index
    %col = linalg.index 1 : index
    %v = tensor.extract %table[%row, %col] : tensor<50x24xf32>
    linalg.yield %v : f32
  } -> tensor<17x24xf32>
  return %y : tensor<17x24xf32>
}
