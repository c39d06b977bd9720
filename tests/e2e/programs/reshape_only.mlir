// Nothing is computed: the result is the argument under another shape.
// call: main(2x3x4xi32)
func.func @main(%x: tensor<2x3x4xi32>) -> tensor<6x4xi32> {
  %y = tensor.collapse_shape %x [[0, 1], [2]] : tensor<2x3x4xi32> into tensor<6x4xi32>
  return %y : tensor<6x4xi32>
}
