// f32 to f64, f16 and bf16 and back.
// IREE 3.13 drops the rounding to bf16 between two casts; ours must not.
// call: main(120xf32 in -70000..70000)
// tolerance: 1e-6
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<120xf32>) -> (tensor<120xf64>, tensor<120xf16>, tensor<120xf32>) {
  %e64 = tensor.empty() : tensor<120xf64>
  %e16 = tensor.empty() : tensor<120xf16>
  %e32 = tensor.empty() : tensor<120xf32>
  %third = arith.constant 3.0 : f64
  %scale = arith.constant 0.5 : f32
  %r:3 = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel"]} ins(%x : tensor<120xf32>) outs(%e64, %e16, %e32 : tensor<120xf64>, tensor<120xf16>, tensor<120xf32>) {
  ^bb0(%v: f32, %o64: f64, %o16: f16, %o32: f32):
    %d = arith.extf %v : f32 to f64
    %q = arith.divf %d, %third : f64
    %small = arith.mulf %v, %scale : f32
    %h = arith.truncf %small : f32 to f16
    %b = arith.truncf %v : f32 to bf16
    %w = arith.extf %b : bf16 to f32
    linalg.yield %q, %h, %w : f64, f16, f32
  } -> (tensor<120xf64>, tensor<120xf16>, tensor<120xf32>)
  return %r#0, %r#1, %r#2 : tensor<120xf64>, tensor<120xf16>, tensor<120xf32>
}
