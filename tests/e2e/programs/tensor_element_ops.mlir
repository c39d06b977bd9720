// Elements are read and written on the host, and a tensor is made from scalars.
// call: main(5xf32, f32=4.25)
func.func @main(%x: tensor<5xf32>, %v: f32) -> (tensor<5xf32>, tensor<3xf32>, f32) {
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %old = tensor.extract %x[%c4] : tensor<5xf32>
  %y = tensor.insert %v into %x[%c1] : tensor<5xf32>
  %sum = arith.addf %old, %v : f32
  %t = tensor.from_elements %old, %v, %sum : tensor<3xf32>
  return %y, %t, %sum : tensor<5xf32>, tensor<3xf32>, f32
}
