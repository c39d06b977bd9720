// Half precision in, single precision out; both sides transposed.
// call: main(140x110xf16 in -1..1, 100x140xf16 in -1..1)
// tolerance: 1e-3
#a = affine_map<(m, n, k) -> (k, m)>
#b = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @main(%a: tensor<140x110xf16>, %b: tensor<100x140xf16>) -> tensor<110x100xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<110x100xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<110x100xf32>) -> tensor<110x100xf32>
  %c = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<140x110xf16>, tensor<100x140xf16>) outs(%init : tensor<110x100xf32>) {
  ^bb0(%x: f16, %y: f16, %s: f32):
    %xw = arith.extf %x : f16 to f32
    %yw = arith.extf %y : f16 to f32
    %p = arith.mulf %xw, %yw : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<110x100xf32>
  return %c : tensor<110x100xf32>
}
