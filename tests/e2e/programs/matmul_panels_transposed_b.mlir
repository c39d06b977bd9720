// A right side with its rows and columns exchanged, large enough to be turned round on the way, with odd edges.
// call: main(129x293xf32 in -1..1, 307x293xf32 in -1..1)
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @main(%a: tensor<129x293xf32>, %b: tensor<307x293xf32>) -> tensor<129x307xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<129x307xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<129x307xf32>) -> tensor<129x307xf32>
  %c = linalg.matmul indexing_maps = [#a, #b, #c] ins(%a, %b : tensor<129x293xf32>, tensor<307x293xf32>) outs(%init : tensor<129x307xf32>) -> tensor<129x307xf32>
  return %c : tensor<129x307xf32>
}
