// Infinities, signed zero and NaN go through comparison, minimum, maximum and selection.
// call: main(8xf32=[nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 3.0e38], 8xf32=[1.0, nan, inf, -0.0, 0.0, -1.0, 1.0, 3.0e38])
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<8xf32>, %y: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi8>) {
  %e = tensor.empty() : tensor<8xf32>
  %eb = tensor.empty() : tensor<8xi8>
  %r:4 = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id, #id], iterator_types = ["parallel"]} ins(%x, %y : tensor<8xf32>, tensor<8xf32>) outs(%e, %e, %e, %eb : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi8>) {
  ^bb0(%a: f32, %b: f32, %o0: f32, %o1: f32, %o2: f32, %o3: i8):
    %s = arith.addf %a, %b : f32
    %max = arith.maximumf %a, %b : f32
    %num = arith.minnumf %a, %b : f32
    %uno = arith.cmpf ult, %a, %b : f32
    %w = arith.extui %uno : i1 to i8
    linalg.yield %s, %max, %num, %w : f32, f32, f32, i8
  } -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi8>)
  return %r#0, %r#1, %r#2, %r#3 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi8>
}
