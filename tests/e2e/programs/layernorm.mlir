// Mean, variance, normalisation, scale and shift of each row.
// call: main(21x96xf32, 96xf32, 96xf32)
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#col = affine_map<(i, j) -> (j)>
func.func @main(%x: tensor<21x96xf32>, %gamma: tensor<96xf32>, %beta: tensor<96xf32>) -> tensor<21x96xf32> {
  %zero = arith.constant 0.0 : f32
  %n = arith.constant 96.0 : f32
  %eps = arith.constant 1.0e-5 : f32
  %er = tensor.empty() : tensor<21xf32>
  %e = tensor.empty() : tensor<21x96xf32>
  %init = linalg.fill ins(%zero : f32) outs(%er : tensor<21xf32>) -> tensor<21xf32>
  %sum = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<21x96xf32>) outs(%init : tensor<21xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    linalg.yield %s : f32
  } -> tensor<21xf32>
  %square = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%x, %sum : tensor<21x96xf32>, tensor<21xf32>) outs(%init : tensor<21xf32>) {
  ^bb0(%v: f32, %s: f32, %acc: f32):
    %mean = arith.divf %s, %n : f32
    %d = arith.subf %v, %mean : f32
    %q = arith.mulf %d, %d : f32
    %a = arith.addf %q, %acc : f32
    linalg.yield %a : f32
  } -> tensor<21xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #row, #col, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %sum, %square, %gamma, %beta : tensor<21x96xf32>, tensor<21xf32>, tensor<21xf32>, tensor<96xf32>, tensor<96xf32>) outs(%e : tensor<21x96xf32>) {
  ^bb0(%v: f32, %s: f32, %q: f32, %g: f32, %b: f32, %o: f32):
    %mean = arith.divf %s, %n : f32
    %var = arith.divf %q, %n : f32
    %ve = arith.addf %var, %eps : f32
    %r = math.rsqrt %ve : f32
    %d = arith.subf %v, %mean : f32
    %norm = arith.mulf %d, %r : f32
    %scaled = arith.mulf %norm, %g : f32
    %out = arith.addf %scaled, %b : f32
    linalg.yield %out : f32
  } -> tensor<21x96xf32>
  return %y : tensor<21x96xf32>
}
