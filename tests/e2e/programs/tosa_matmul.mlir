// TOSA matmul with a constant right operand, and a transposition.
// call: main(1x5x4xf32)
func.func @main(%x: tensor<1x5x4xf32>) -> tensor<1x3x5xf32> {
  %w = "tosa.const"() {values = dense<[[[1.0, 2.0, 3.0], [-1.0, 0.5, 0.0], [4.0, 0.25, 1.0], [2.0, -3.0, 1.5]]]> : tensor<1x4x3xf32>} : () -> tensor<1x4x3xf32>
  %zp = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %0 = tosa.matmul %x, %w, %zp, %zp : (tensor<1x5x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x3xf32>
  %1 = "tosa.transpose"(%0) {perms = array<i32: 0, 2, 1>} : (tensor<1x5x3xf32>) -> tensor<1x3x5xf32>
  return %1 : tensor<1x3x5xf32>
}
