// The exact (erf) form of gelu on a shape with a tail.
// call: main(13x61xf32 in -4..4)
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<13x61xf32>) -> tensor<13x61xf32> {
  %half = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %rsqrt2 = arith.constant 0.707106781 : f32
  %e = tensor.empty() : tensor<13x61xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<13x61xf32>) outs(%e : tensor<13x61xf32>) {
  ^bb0(%v: f32, %o: f32):
    %0 = arith.mulf %v, %rsqrt2 : f32
    %1 = math.erf %0 : f32
    %2 = arith.addf %1, %one : f32
    %3 = arith.mulf %v, %half : f32
    %4 = arith.mulf %3, %2 : f32
    linalg.yield %4 : f32
  } -> tensor<13x61xf32>
  return %y : tensor<13x61xf32>
}
