// Truth values in and out, in more elements than one workgroup takes.
// call: main(150x310xf32, 150x310xi1)
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<150x310xf32>, %keep: tensor<150x310xi1>) -> (tensor<150x310xi1>, tensor<150x310xf32>) {
  %zero = arith.constant 0.0 : f32
  %eb = tensor.empty() : tensor<150x310xi1>
  %ef = tensor.empty() : tensor<150x310xf32>
  %r:2 = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %keep : tensor<150x310xf32>, tensor<150x310xi1>) outs(%eb, %ef : tensor<150x310xi1>, tensor<150x310xf32>) {
  ^bb0(%a: f32, %k: i1, %o: i1, %p: f32):
    %positive = arith.cmpf ogt, %a, %zero : f32
    %both = arith.andi %positive, %k : i1
    %chosen = arith.select %both, %a, %zero : f32
    linalg.yield %both, %chosen : i1, f32
  } -> (tensor<150x310xi1>, tensor<150x310xf32>)
  return %r#0, %r#1 : tensor<150x310xi1>, tensor<150x310xf32>
}
