// Batches of narrow numbers, summed in wider ones; sizes that no tile divides.
// call: main(3x43x27xf16, 3x27x45xf16, 2x19x30xi8, 2x30x37xi8, 2x30xi8)
func.func @main(%a: tensor<3x43x27xf16>, %b: tensor<3x27x45xf16>, %c: tensor<2x19x30xi8>, %d: tensor<2x30x37xi8>, %v: tensor<2x30xi8>) -> (tensor<3x43x45xf32>, tensor<2x19x37xi32>, tensor<2x19xi32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<3x43x45xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<3x43x45xf32>) -> tensor<3x43x45xf32>
  %e = linalg.batch_matmul ins(%a, %b : tensor<3x43x27xf16>, tensor<3x27x45xf16>) outs(%init : tensor<3x43x45xf32>) -> tensor<3x43x45xf32>
  %none = arith.constant 0 : i32
  %space = tensor.empty() : tensor<2x19x37xi32>
  %start = linalg.fill ins(%none : i32) outs(%space : tensor<2x19x37xi32>) -> tensor<2x19x37xi32>
  %f = linalg.batch_matmul ins(%c, %d : tensor<2x19x30xi8>, tensor<2x30x37xi8>) outs(%start : tensor<2x19x37xi32>) -> tensor<2x19x37xi32>
  %line = tensor.empty() : tensor<2x19xi32>
  %begin = linalg.fill ins(%none : i32) outs(%line : tensor<2x19xi32>) -> tensor<2x19xi32>
  %g = linalg.batch_matvec ins(%c, %v : tensor<2x19x30xi8>, tensor<2x30xi8>) outs(%begin : tensor<2x19xi32>) -> tensor<2x19xi32>
  return %e, %f, %g : tensor<3x43x45xf32>, tensor<2x19x37xi32>, tensor<2x19xi32>
}
