// One op with two results of different types, one of which lies transposed; and one over what it gives.
// call: main(150x310xf32, 150x310xf32)
#id = affine_map<(i, j) -> (i, j)>
#turned = affine_map<(i, j) -> (j, i)>
func.func @main(%x: tensor<150x310xf32>, %y: tensor<150x310xf32>) -> (tensor<150x310xf32>, tensor<310x150xi32>, tensor<150x310xf64>) {
  %e = tensor.empty() : tensor<150x310xf32>
  %ei = tensor.empty() : tensor<310x150xi32>
  %ed = tensor.empty() : tensor<150x310xf64>
  %zero = arith.constant 0.0 : f32
  %r:2 = linalg.generic {indexing_maps = [#id, #id, #id, #turned], iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<150x310xf32>, tensor<150x310xf32>) outs(%e, %ei : tensor<150x310xf32>, tensor<310x150xi32>) {
  ^bb0(%a: f32, %b: f32, %o: f32, %p: i32):
    %s = arith.mulf %a, %b : f32
    %less = arith.cmpf olt, %a, %b : f32
    %n = arith.extui %less : i1 to i32
    linalg.yield %s, %n : f32, i32
  } -> (tensor<150x310xf32>, tensor<310x150xi32>)
  %d = linalg.generic {indexing_maps = [#id, #turned, #id], iterator_types = ["parallel", "parallel"]} ins(%r#0, %r#1 : tensor<150x310xf32>, tensor<310x150xi32>) outs(%ed : tensor<150x310xf64>) {
  ^bb0(%a: f32, %b: i32, %o: f64):
    %wide = arith.extf %a : f32 to f64
    %n = arith.sitofp %b : i32 to f64
    %s = arith.addf %wide, %n : f64
    linalg.yield %s : f64
  } -> tensor<150x310xf64>
  return %r#0, %r#1, %d : tensor<150x310xf32>, tensor<310x150xi32>, tensor<150x310xf64>
}
