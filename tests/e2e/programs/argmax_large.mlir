// Value and position of the first maximum of each of many rows, over several workgroups.
// call: main(700x333xf32)
#in = affine_map<(i, j) -> (i, j)>
#out = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<700x333xf32>) -> (tensor<700xf32>, tensor<700xi64>) {
  %lowest = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %ev = tensor.empty() : tensor<700xf32>
  %ei = tensor.empty() : tensor<700xi64>
  %iv = linalg.fill ins(%lowest : f32) outs(%ev : tensor<700xf32>) -> tensor<700xf32>
  %ii = linalg.fill ins(%zero : i64) outs(%ei : tensor<700xi64>) -> tensor<700xi64>
  %y:2 = linalg.generic {indexing_maps = [#in, #out, #out], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<700x333xf32>) outs(%iv, %ii : tensor<700xf32>, tensor<700xi64>) {
  ^bb0(%v: f32, %best: f32, %at: i64):
    %j = linalg.index 1 : index
    %j64 = arith.index_cast %j : index to i64
    %more = arith.cmpf ogt, %v, %best : f32
    %nv = arith.select %more, %v, %best : f32
    %ni = arith.select %more, %j64, %at : i64
    linalg.yield %nv, %ni : f32, i64
  } -> (tensor<700xf32>, tensor<700xi64>)
  return %y#0, %y#1 : tensor<700xf32>, tensor<700xi64>
}
