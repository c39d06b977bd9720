// Arithmetic in f16 itself.
// call: main(75xf16, 75xf16)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<75xf16>, %y: tensor<75xf16>) -> tensor<75xf16> {
  %e = tensor.empty() : tensor<75xf16>
  %r = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%x, %y : tensor<75xf16>, tensor<75xf16>) outs(%e : tensor<75xf16>) {
  ^bb0(%a: f16, %b: f16, %o: f16):
    %p = arith.mulf %a, %b : f16
    %s = arith.addf %p, %a : f16
    linalg.yield %s : f16
  } -> tensor<75xf16>
  return %r : tensor<75xf16>
}
