// The same computation four times: equal executables are shared, results are not.
// call: main(25x25xf32, 25x25xf32)
func.func @main(%a: tensor<25x25xf32>, %b: tensor<25x25xf32>) -> (tensor<25x25xf32>, tensor<25x25xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<25x25xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<25x25xf32>) -> tensor<25x25xf32>
  %ab = linalg.matmul ins(%a, %b : tensor<25x25xf32>, tensor<25x25xf32>) outs(%init : tensor<25x25xf32>) -> tensor<25x25xf32>
  %ba = linalg.matmul ins(%b, %a : tensor<25x25xf32>, tensor<25x25xf32>) outs(%init : tensor<25x25xf32>) -> tensor<25x25xf32>
  %abab = linalg.matmul ins(%ab, %ab : tensor<25x25xf32>, tensor<25x25xf32>) outs(%init : tensor<25x25xf32>) -> tensor<25x25xf32>
  %baba = linalg.matmul ins(%ba, %ba : tensor<25x25xf32>, tensor<25x25xf32>) outs(%init : tensor<25x25xf32>) -> tensor<25x25xf32>
  return %abab, %baba : tensor<25x25xf32>, tensor<25x25xf32>
}
