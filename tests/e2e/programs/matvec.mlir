// Matrix times vector.
// call: main(61x83xf32, 83xf32)
func.func @main(%a: tensor<61x83xf32>, %x: tensor<83xf32>) -> tensor<61xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<61xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<61xf32>) -> tensor<61xf32>
  %y = linalg.matvec ins(%a, %x : tensor<61x83xf32>, tensor<83xf32>) outs(%init : tensor<61xf32>) -> tensor<61xf32>
  return %y : tensor<61xf32>
}
