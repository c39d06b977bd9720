// Signed i8 operands, exact i32 accumulation.
// call: main(33x47xi8, 47x18xi8)
func.func @main(%a: tensor<33x47xi8>, %b: tensor<47x18xi8>) -> tensor<33x18xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<33x18xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<33x18xi32>) -> tensor<33x18xi32>
  %c = linalg.matmul ins(%a, %b : tensor<33x47xi8>, tensor<47x18xi8>) outs(%init : tensor<33x18xi32>) -> tensor<33x18xi32>
  return %c : tensor<33x18xi32>
}
