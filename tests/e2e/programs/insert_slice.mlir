// A block is written into a copy of the argument, which itself stays as it was.
// IREE 3.13 returns the argument changed; values do not change.
// call: main(12x15xf32, 4x6xf32)
func.func @main(%x: tensor<12x15xf32>, %block: tensor<4x6xf32>) -> (tensor<12x15xf32>, tensor<12x15xf32>) {
  %y = tensor.insert_slice %block into %x[5, 3] [4, 6] [1, 1] : tensor<4x6xf32> into tensor<12x15xf32>
  return %y, %x : tensor<12x15xf32>, tensor<12x15xf32>
}
