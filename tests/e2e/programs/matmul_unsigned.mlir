// A product whose narrow operands are numbers without signs, and one of a batch.
// call: main(21x34xi8, 34x45xi8, 2x21x45xi8)
func.func @main(%a: tensor<21x34xi8>, %b: tensor<34x45xi8>, %c: tensor<2x21x45xi8>) -> (tensor<21x45xi32>, tensor<2x21x21xi32>) {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<21x45xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<21x45xi32>) -> tensor<21x45xi32>
  %p = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<21x34xi8>, tensor<34x45xi8>) outs(%init : tensor<21x45xi32>) -> tensor<21x45xi32>
  %space = tensor.empty() : tensor<2x45x21xi8>
  %t = linalg.transpose ins(%c : tensor<2x21x45xi8>) outs(%space : tensor<2x45x21xi8>) permutation = [0, 2, 1]
  %none = tensor.empty() : tensor<2x21x21xi32>
  %start = linalg.fill ins(%zero : i32) outs(%none : tensor<2x21x21xi32>) -> tensor<2x21x21xi32>
  %q = linalg.batch_matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%c, %t : tensor<2x21x45xi8>, tensor<2x45x21xi8>) outs(%start : tensor<2x21x21xi32>) -> tensor<2x21x21xi32>
  return %p, %q : tensor<21x45xi32>, tensor<2x21x21xi32>
}
