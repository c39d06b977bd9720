// sin, cos, atan, floor, ceil, round-to-even and power.
// call: main(200xf32 in -6..6, 200xf32 in 0.2..3)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<200xf32>, %p: tensor<200xf32>) -> (tensor<200xf32>, tensor<200xf32>, tensor<200xf32>) {
  %e = tensor.empty() : tensor<200xf32>
  %y:3 = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id], iterator_types = ["parallel"]} ins(%x, %p : tensor<200xf32>, tensor<200xf32>) outs(%e, %e, %e : tensor<200xf32>, tensor<200xf32>, tensor<200xf32>) {
  ^bb0(%v: f32, %q: f32, %o0: f32, %o1: f32, %o2: f32):
    %sin = math.sin %v : f32
    %cos = math.cos %v : f32
    %0 = arith.mulf %sin, %cos : f32
    %atan = math.atan %v : f32
    %1 = arith.addf %0, %atan : f32
    %floor = math.floor %v : f32
    %ceil = math.ceil %v : f32
    %even = math.roundeven %v : f32
    %2 = arith.addf %floor, %ceil : f32
    %3 = arith.addf %2, %even : f32
    %pow = math.powf %q, %v : f32
    linalg.yield %1, %3, %pow : f32, f32, f32
  } -> (tensor<200xf32>, tensor<200xf32>, tensor<200xf32>)
  return %y#0, %y#1, %y#2 : tensor<200xf32>, tensor<200xf32>, tensor<200xf32>
}
