// Padding with a value other than zero, different on each side.
// call: main(9x14xf32)
func.func @main(%x: tensor<9x14xf32>) -> tensor<14x17xf32> {
  %value = arith.constant -1.5 : f32
  %y = tensor.pad %x low[2, 0] high[3, 3] {
  ^bb0(%i: index, %j: index):
    tensor.yield %value : f32
  } : tensor<9x14xf32> to tensor<14x17xf32>
  return %y : tensor<14x17xf32>
}
