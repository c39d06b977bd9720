// A private function called twice, and a second public entry point.
// call: main(9x9xf32, 9x9xf32)
// call: square(9x9xf32)
func.func private @times(%a: tensor<9x9xf32>, %b: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<9x9xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<9x9xf32>) -> tensor<9x9xf32>
  %c = linalg.matmul ins(%a, %b : tensor<9x9xf32>, tensor<9x9xf32>) outs(%init : tensor<9x9xf32>) -> tensor<9x9xf32>
  return %c : tensor<9x9xf32>
}
func.func @main(%a: tensor<9x9xf32>, %b: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %ab = call @times(%a, %b) : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  %aba = call @times(%ab, %a) : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  return %aba : tensor<9x9xf32>
}
func.func @square(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %aa = call @times(%a, %a) : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  return %aa : tensor<9x9xf32>
}
