// Products of f16 and bf16 with rows of whole 16 bytes, every arrangement, edges in each direction: with what follows
// them, in f32 and in f16, and batched.
// call: main(80x72xf16 in -1..1, 72x88xf16 in -1..1, 88xf32 in -1..1, 3x40x24xf16 in -1..1, 3x24x40xf16 in -1..1)
// tolerance: 3e-2
#a = affine_map<(m, n, k) -> (m, k)>
#at = affine_map<(m, n, k) -> (k, m)>
#b = affine_map<(m, n, k) -> (k, n)>
#bt = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (j)>
func.func @main(%a: tensor<80x72xf16>, %b: tensor<72x88xf16>, %bias: tensor<88xf32>, %s: tensor<3x40x24xf16>, %t: tensor<3x24x40xf16>) -> (tensor<80x88xf32>, tensor<80x80xf16>, tensor<88x88xf32>, tensor<72x72xf32>, tensor<3x40x40xf16>) {
  %zero = arith.constant 0.0 : f32
  %zeroh = arith.constant 0.0 : f16
  %e0 = tensor.empty() : tensor<80x88xf32>
  %i0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<80x88xf32>) -> tensor<80x88xf32>
  %c0 = linalg.matmul ins(%a, %b : tensor<80x72xf16>, tensor<72x88xf16>) outs(%i0 : tensor<80x88xf32>) -> tensor<80x88xf32>
  %r0 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%c0, %bias : tensor<80x88xf32>, tensor<88xf32>) outs(%e0 : tensor<80x88xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %sum = arith.addf %x, %y : f32
    %relu = arith.maximumf %sum, %zero : f32
    linalg.yield %relu : f32
  } -> tensor<80x88xf32>

  %e1 = tensor.empty() : tensor<80x80xf16>
  %i1 = linalg.fill ins(%zeroh : f16) outs(%e1 : tensor<80x80xf16>) -> tensor<80x80xf16>
  %r1 = linalg.matmul indexing_maps = [#a, #bt, #c] ins(%a, %a : tensor<80x72xf16>, tensor<80x72xf16>) outs(%i1 : tensor<80x80xf16>) -> tensor<80x80xf16>

  %e2 = tensor.empty() : tensor<88x88xf32>
  %i2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<88x88xf32>) -> tensor<88x88xf32>
  %r2 = linalg.matmul indexing_maps = [#at, #b, #c] ins(%b, %b : tensor<72x88xf16>, tensor<72x88xf16>) outs(%i2 : tensor<88x88xf32>) -> tensor<88x88xf32>

  %eh = tensor.empty() : tensor<80x72xbf16>
  %h = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<80x72xf16>) outs(%eh : tensor<80x72xbf16>) {
  ^bb0(%x: f16, %o: bf16):
    %w = arith.extf %x : f16 to f32
    %n = arith.truncf %w : f32 to bf16
    linalg.yield %n : bf16
  } -> tensor<80x72xbf16>
  %e3 = tensor.empty() : tensor<72x72xf32>
  %i3 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<72x72xf32>) -> tensor<72x72xf32>
  %hh = util.optimization_barrier %h : tensor<80x72xbf16>
  %r3 = linalg.matmul indexing_maps = [#at, #b, #c] ins(%hh, %hh : tensor<80x72xbf16>, tensor<80x72xbf16>) outs(%i3 : tensor<72x72xf32>) -> tensor<72x72xf32>

  %e4 = tensor.empty() : tensor<3x40x40xf16>
  %i4 = linalg.fill ins(%zeroh : f16) outs(%e4 : tensor<3x40x40xf16>) -> tensor<3x40x40xf16>
  %r4 = linalg.batch_matmul ins(%s, %t : tensor<3x40x24xf16>, tensor<3x24x40xf16>) outs(%i4 : tensor<3x40x40xf16>) -> tensor<3x40x40xf16>
  return %r0, %r1, %r2, %r3, %r4 : tensor<80x88xf32>, tensor<80x80xf16>, tensor<88x88xf32>, tensor<72x72xf32>, tensor<3x40x40xf16>
}
