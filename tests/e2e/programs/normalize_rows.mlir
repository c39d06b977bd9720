// A reduction whose result is broadcast back: each row divided by its euclidean norm.
// call: main(40x31xf32)
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<40x31xf32>) -> tensor<40x31xf32> {
  %zero = arith.constant 0.0 : f32
  %er = tensor.empty() : tensor<40xf32>
  %e = tensor.empty() : tensor<40x31xf32>
  %init = linalg.fill ins(%zero : f32) outs(%er : tensor<40xf32>) -> tensor<40xf32>
  %sq = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<40x31xf32>) outs(%init : tensor<40xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %q = arith.mulf %v, %v : f32
    %s = arith.addf %acc, %q : f32
    linalg.yield %s : f32
  } -> tensor<40xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %sq : tensor<40x31xf32>, tensor<40xf32>) outs(%e : tensor<40x31xf32>) {
  ^bb0(%v: f32, %s: f32, %o: f32):
    %n = math.sqrt %s : f32
    %q = arith.divf %v, %n : f32
    linalg.yield %q : f32
  } -> tensor<40x31xf32>
  return %y : tensor<40x31xf32>
}
