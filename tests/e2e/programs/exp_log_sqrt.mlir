// A chain of transcendental functions.
// call: main(10x33xf32 in 0.1..6)
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<10x33xf32>) -> tensor<10x33xf32> {
  %e = tensor.empty() : tensor<10x33xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<10x33xf32>) outs(%e : tensor<10x33xf32>) {
  ^bb0(%v: f32, %o: f32):
    %0 = math.log %v : f32
    %1 = math.sqrt %v : f32
    %2 = arith.addf %0, %1 : f32
    %3 = math.exp %2 : f32
    %4 = math.absf %0 : f32
    %5 = math.log1p %4 : f32
    %6 = arith.subf %3, %5 : f32
    linalg.yield %6 : f32
  } -> tensor<10x33xf32>
  return %y : tensor<10x33xf32>
}
