// Transcendental functions in double precision.
// call: main(55xf64 in 0.1..5)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<55xf64>) -> tensor<55xf64> {
  %e = tensor.empty() : tensor<55xf64>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<55xf64>) outs(%e : tensor<55xf64>) {
  ^bb0(%a: f64, %o: f64):
    %l = math.log %a : f64
    %s = math.sqrt %a : f64
    %t = arith.addf %l, %s : f64
    linalg.yield %t : f64
  } -> tensor<55xf64>
  return %r : tensor<55xf64>
}
