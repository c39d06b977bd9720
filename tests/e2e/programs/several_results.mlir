// Results of different types, one of them an argument and one of them twice.
// call: main(6x7xf32, 5xi32)
func.func @main(%x: tensor<6x7xf32>, %y: tensor<5xi32>) -> (tensor<6x7xf32>, tensor<5xi32>, tensor<6x7xf32>, tensor<5xi32>) {
  %e = tensor.empty() : tensor<6x7xf32>
  %s = linalg.mul ins(%x, %x : tensor<6x7xf32>, tensor<6x7xf32>) outs(%e : tensor<6x7xf32>) -> tensor<6x7xf32>
  %ei = tensor.empty() : tensor<5xi32>
  %i = linalg.add ins(%y, %y : tensor<5xi32>, tensor<5xi32>) outs(%ei : tensor<5xi32>) -> tensor<5xi32>
  return %s, %y, %s, %i : tensor<6x7xf32>, tensor<5xi32>, tensor<6x7xf32>, tensor<5xi32>
}
