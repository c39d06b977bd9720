// The number of rows that are looked up is known only at run time.
// call: main(50x8xf32, 3xi64 in 0..50)
// call: main(50x8xf32, 61xi64 in 0..50)
#idx = affine_map<(i, j) -> (i)>
#out = affine_map<(i, j) -> (i, j)>
func.func @main(%table: tensor<50x8xf32>, %indices: tensor<?xi64>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %indices, %c0 : tensor<?xi64>
  %e = tensor.empty(%n) : tensor<?x8xf32>
  %y = linalg.generic {indexing_maps = [#idx, #out], iterator_types = ["parallel", "parallel"]} ins(%indices : tensor<?xi64>) outs(%e : tensor<?x8xf32>) {
  ^bb0(%i: i64, %o: f32):
    %row = arith.index_cast %i : i64 to index
    %col = linalg.index 1 : index
    %v = tensor.extract %table[%row, %col] : tensor<50x8xf32>
    linalg.yield %v : f32
  } -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}
