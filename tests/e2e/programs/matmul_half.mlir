// Products of f16 and bf16 in all arrangements: whole tiles and ragged ones, with something behind them, batched, dynamic.
// call: half(96x64xf16 in -0.25..0.25, 64x128xf16 in -0.25..0.25)
// call: long(128x1024xf16 in -1..1, 1024x64xf16 in -1..1)
// call: ragged(50x72xf16 in -1..1, 40x72xf16 in -1..1)
// call: bias(160x96xf16 in -1..1, 96x136xf16 in -1..1, 136xf32)
// call: batched(3x48x64xf16 in -1..1, 3x64x80xf16 in -1..1)
// call: left_turned(64x96xf16 in -1..1, 64x48xf16 in -1..1)
// call: dynamic(37x64xf16 in -1..1, 64x48xf16 in -1..1)
// call: brain(64x96xf32 in -1..1, 96x64xf32 in -1..1)
// tolerance: 2e-3
#row = affine_map<(i, j) -> (j)>
#id = affine_map<(i, j) -> (i, j)>
#mk = affine_map<(m, n, k) -> (m, k)>
#km = affine_map<(m, n, k) -> (k, m)>
#kn = affine_map<(m, n, k) -> (k, n)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>

// Summed in f16, as far as the types say.
func.func @half(%a: tensor<96x64xf16>, %b: tensor<64x128xf16>) -> tensor<96x128xf16> {
  %zero = arith.constant 0.0 : f16
  %empty = tensor.empty() : tensor<96x128xf16>
  %init = linalg.fill ins(%zero : f16) outs(%empty : tensor<96x128xf16>) -> tensor<96x128xf16>
  %c = linalg.matmul ins(%a, %b : tensor<96x64xf16>, tensor<64x128xf16>) outs(%init : tensor<96x128xf16>) -> tensor<96x128xf16>
  return %c : tensor<96x128xf16>
}

func.func @long(%a: tensor<128x1024xf16>, %b: tensor<1024x64xf16>) -> tensor<128x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<128x64xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<128x64xf32>) -> tensor<128x64xf32>
  %c = linalg.matmul ins(%a, %b : tensor<128x1024xf16>, tensor<1024x64xf16>) outs(%init : tensor<128x64xf32>) -> tensor<128x64xf32>
  return %c : tensor<128x64xf32>
}

// The right side turned; no size is a multiple of a tile's.
func.func @ragged(%a: tensor<50x72xf16>, %b: tensor<40x72xf16>) -> tensor<50x40xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<50x40xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<50x40xf32>) -> tensor<50x40xf32>
  %c = linalg.matmul indexing_maps = [#mk, #nk, #mn] ins(%a, %b : tensor<50x72xf16>, tensor<40x72xf16>) outs(%init : tensor<50x40xf32>) -> tensor<50x40xf32>
  return %c : tensor<50x40xf32>
}

func.func @bias(%a: tensor<160x96xf16>, %b: tensor<96x136xf16>, %bias: tensor<136xf32>) -> tensor<160x136xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<160x136xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<160x136xf32>) -> tensor<160x136xf32>
  %c = linalg.matmul ins(%a, %b : tensor<160x96xf16>, tensor<96x136xf16>) outs(%init : tensor<160x136xf32>) -> tensor<160x136xf32>
  %r = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%c, %bias : tensor<160x136xf32>, tensor<136xf32>) outs(%empty : tensor<160x136xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %s = arith.addf %x, %y : f32
    %m = arith.maximumf %s, %zero : f32
    linalg.yield %m : f32
  } -> tensor<160x136xf32>
  return %r : tensor<160x136xf32>
}

func.func @batched(%a: tensor<3x48x64xf16>, %b: tensor<3x64x80xf16>) -> tensor<3x48x80xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x48x80xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x48x80xf32>) -> tensor<3x48x80xf32>
  %c = linalg.batch_matmul ins(%a, %b : tensor<3x48x64xf16>, tensor<3x64x80xf16>) outs(%init : tensor<3x48x80xf32>) -> tensor<3x48x80xf32>
  return %c : tensor<3x48x80xf32>
}

func.func @left_turned(%a: tensor<64x96xf16>, %b: tensor<64x48xf16>) -> tensor<96x48xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<96x48xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<96x48xf32>) -> tensor<96x48xf32>
  %c = linalg.matmul indexing_maps = [#km, #kn, #mn] ins(%a, %b : tensor<64x96xf16>, tensor<64x48xf16>) outs(%init : tensor<96x48xf32>) -> tensor<96x48xf32>
  return %c : tensor<96x48xf32>
}

func.func @dynamic(%a: tensor<?x64xf16>, %b: tensor<64x48xf16>) -> tensor<?x48xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?x64xf16>
  %empty = tensor.empty(%n) : tensor<?x48xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x48xf32>) -> tensor<?x48xf32>
  %c = linalg.matmul ins(%a, %b : tensor<?x64xf16>, tensor<64x48xf16>) outs(%init : tensor<?x48xf32>) -> tensor<?x48xf32>
  return %c : tensor<?x48xf32>
}

// The left side rounded to bf16 is a factor twice, so that it is kept.
func.func @brain(%a: tensor<64x96xf32>, %b: tensor<96x64xf32>) -> (tensor<64x64xf32>, tensor<64x64xf32>) {
  %ea = tensor.empty() : tensor<64x96xbf16>
  %eb = tensor.empty() : tensor<96x64xbf16>
  %ha = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<64x96xf32>) outs(%ea : tensor<64x96xbf16>) {
  ^bb0(%x: f32, %o: bf16):
    %t = arith.truncf %x : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<64x96xbf16>
  %hb = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<96x64xf32>) outs(%eb : tensor<96x64xbf16>) {
  ^bb0(%x: f32, %o: bf16):
    %t = arith.truncf %x : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<96x64xbf16>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x64xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x64xf32>) -> tensor<64x64xf32>
  %c = linalg.matmul ins(%ha, %hb : tensor<64x96xbf16>, tensor<96x64xbf16>) outs(%init : tensor<64x64xf32>) -> tensor<64x64xf32>
  %d = linalg.matmul indexing_maps = [#mk, #nk, #mn] ins(%ha, %ha : tensor<64x96xbf16>, tensor<64x96xbf16>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c, %d : tensor<64x64xf32>, tensor<64x64xf32>
}
