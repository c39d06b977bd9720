// Three tensors along the inner, then two along the outer dimension.
// call: main(5x3xf32, 5x7xf32, 4x12xf32)
func.func @main(%a: tensor<5x3xf32>, %b: tensor<5x7xf32>, %c: tensor<4x12xf32>) -> tensor<9x12xf32> {
  %two = tensor.extract_slice %b[0, 0] [5, 2] [1, 1] : tensor<5x7xf32> to tensor<5x2xf32>
  %0 = tensor.concat dim(1) %a, %b, %two : (tensor<5x3xf32>, tensor<5x7xf32>, tensor<5x2xf32>) -> tensor<5x12xf32>
  %1 = tensor.concat dim(0) %0, %c : (tensor<5x12xf32>, tensor<4x12xf32>) -> tensor<9x12xf32>
  return %1 : tensor<9x12xf32>
}
