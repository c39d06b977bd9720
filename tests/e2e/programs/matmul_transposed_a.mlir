// The left operand is read transposed, through the op's indexing maps.
// call: main(48x40xf32, 48x72xf32)
#a = affine_map<(m, n, k) -> (k, m)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @main(%a: tensor<48x40xf32>, %b: tensor<48x72xf32>) -> tensor<40x72xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<40x72xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<40x72xf32>) -> tensor<40x72xf32>
  %c = linalg.matmul indexing_maps = [#a, #b, #c] ins(%a, %b : tensor<48x40xf32>, tensor<48x72xf32>) outs(%init : tensor<40x72xf32>) -> tensor<40x72xf32>
  return %c : tensor<40x72xf32>
}
