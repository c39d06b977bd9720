// Double precision.
// call: main(31x22xf64, 22x15xf64)
func.func @main(%a: tensor<31x22xf64>, %b: tensor<22x15xf64>) -> tensor<31x15xf64> {
  %zero = arith.constant 0.0 : f64
  %empty = tensor.empty() : tensor<31x15xf64>
  %init = linalg.fill ins(%zero : f64) outs(%empty : tensor<31x15xf64>) -> tensor<31x15xf64>
  %c = linalg.matmul ins(%a, %b : tensor<31x22xf64>, tensor<22x15xf64>) outs(%init : tensor<31x15xf64>) -> tensor<31x15xf64>
  return %c : tensor<31x15xf64>
}
