// linalg.broadcast of a row and of a column, and their sum: an outer sum.
// call: main(18xf32, 23xf32)
func.func @main(%x: tensor<18xf32>, %y: tensor<23xf32>) -> tensor<18x23xf32> {
  %e = tensor.empty() : tensor<18x23xf32>
  %0 = linalg.broadcast ins(%x : tensor<18xf32>) outs(%e : tensor<18x23xf32>) dimensions = [1]
  %1 = linalg.broadcast ins(%y : tensor<23xf32>) outs(%e : tensor<18x23xf32>) dimensions = [0]
  %2 = linalg.add ins(%0, %1 : tensor<18x23xf32>, tensor<18x23xf32>) outs(%e : tensor<18x23xf32>) -> tensor<18x23xf32>
  return %2 : tensor<18x23xf32>
}
