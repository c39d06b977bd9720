// Two batches of narrow integers, widened as their panels are copied.
// call: main(2x101x99xi8, 2x99x130xi8)
func.func @main(%a: tensor<2x101x99xi8>, %b: tensor<2x99x130xi8>) -> tensor<2x101x130xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<2x101x130xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<2x101x130xi32>) -> tensor<2x101x130xi32>
  %c = linalg.batch_matmul ins(%a, %b : tensor<2x101x99xi8>, tensor<2x99x130xi8>) outs(%init : tensor<2x101x130xi32>) -> tensor<2x101x130xi32>
  return %c : tensor<2x101x130xi32>
}
