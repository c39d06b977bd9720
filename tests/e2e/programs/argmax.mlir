// Value and position of the first maximum of each row.
// call: main(14x37xf32)
#in = affine_map<(i, j) -> (i, j)>
#out = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<14x37xf32>) -> (tensor<14xf32>, tensor<14xi64>) {
  %lowest = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %ev = tensor.empty() : tensor<14xf32>
  %ei = tensor.empty() : tensor<14xi64>
  %iv = linalg.fill ins(%lowest : f32) outs(%ev : tensor<14xf32>) -> tensor<14xf32>
  %ii = linalg.fill ins(%zero : i64) outs(%ei : tensor<14xi64>) -> tensor<14xi64>
  %y:2 = linalg.generic {indexing_maps = [#in, #out, #out], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<14x37xf32>) outs(%iv, %ii : tensor<14xf32>, tensor<14xi64>) {
  ^bb0(%v: f32, %best: f32, %at: i64):
    %j = linalg.index 1 : index
    %j64 = arith.index_cast %j : index to i64
    %more = arith.cmpf ogt, %v, %best : f32
    %nv = arith.select %more, %v, %best : f32
    %ni = arith.select %more, %j64, %at : i64
    linalg.yield %nv, %ni : f32, i64
  } -> (tensor<14xf32>, tensor<14xi64>)
  return %y#0, %y#1 : tensor<14xf32>, tensor<14xi64>
}
