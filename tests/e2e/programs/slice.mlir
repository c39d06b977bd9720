// A contiguous block of rows and a block that is not contiguous.
// call: main(20x30xf32)
func.func @main(%x: tensor<20x30xf32>) -> (tensor<5x30xf32>, tensor<7x11xf32>) {
  %rows = tensor.extract_slice %x[3, 0] [5, 30] [1, 1] : tensor<20x30xf32> to tensor<5x30xf32>
  %block = tensor.extract_slice %x[4, 9] [7, 11] [1, 1] : tensor<20x30xf32> to tensor<7x11xf32>
  return %rows, %block : tensor<5x30xf32>, tensor<7x11xf32>
}
