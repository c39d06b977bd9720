// A global that an initializer computes before the first call.
// call: main(6xf32)
util.global private @table : tensor<6xf32>
util.initializer {
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf32>
  %e = tensor.empty() : tensor<6xf32>
  %sq = linalg.mul ins(%c, %c : tensor<6xf32>, tensor<6xf32>) outs(%e : tensor<6xf32>) -> tensor<6xf32>
  util.global.store %sq, @table : tensor<6xf32>
  util.return
}
func.func @main(%x: tensor<6xf32>) -> tensor<6xf32> {
  %t = util.global.load @table : tensor<6xf32>
  %e = tensor.empty() : tensor<6xf32>
  %y = linalg.add ins(%x, %t : tensor<6xf32>, tensor<6xf32>) outs(%e : tensor<6xf32>) -> tensor<6xf32>
  return %y : tensor<6xf32>
}
