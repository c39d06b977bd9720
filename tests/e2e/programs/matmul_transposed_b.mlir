// The right operand is read transposed, through the op's indexing maps.
// call: main(40x48xf32, 72x48xf32)
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (n, k)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @main(%a: tensor<40x48xf32>, %b: tensor<72x48xf32>) -> tensor<40x72xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<40x72xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<40x72xf32>) -> tensor<40x72xf32>
  %c = linalg.matmul indexing_maps = [#a, #b, #c] ins(%a, %b : tensor<40x48xf32>, tensor<72x48xf32>) outs(%init : tensor<40x72xf32>) -> tensor<40x72xf32>
  return %c : tensor<40x72xf32>
}
