// Offset and size of the slice are arguments.
// call: main(50xf32, i64=7, i64=20)
// call: main(50xf32, i64=0, i64=1)
func.func @main(%x: tensor<50xf32>, %offset: i64, %size: i64) -> tensor<?xf32> {
  %o = arith.index_cast %offset : i64 to index
  %s = arith.index_cast %size : i64 to index
  %y = tensor.extract_slice %x[%o] [%s] [1] : tensor<50xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}
