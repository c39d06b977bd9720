// The operands are rounded to bf16, the product is accumulated in f32.
// call: main(20x40xf32, 40x24xf32)
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%a: tensor<20x40xf32>, %b: tensor<40x24xf32>) -> tensor<20x24xf32> {
  %ea = tensor.empty() : tensor<20x40xbf16>
  %eb = tensor.empty() : tensor<40x24xbf16>
  %ha = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<20x40xf32>) outs(%ea : tensor<20x40xbf16>) {
  ^bb0(%x: f32, %o: bf16):
    %t = arith.truncf %x : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<20x40xbf16>
  %hb = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<40x24xf32>) outs(%eb : tensor<40x24xbf16>) {
  ^bb0(%x: f32, %o: bf16):
    %t = arith.truncf %x : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<40x24xbf16>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<20x24xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<20x24xf32>) -> tensor<20x24xf32>
  %c = linalg.matmul ins(%ha, %hb : tensor<20x40xbf16>, tensor<40x24xbf16>) outs(%init : tensor<20x24xf32>) -> tensor<20x24xf32>
  return %c : tensor<20x24xf32>
}
