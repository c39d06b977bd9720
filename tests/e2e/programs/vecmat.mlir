// Vector times matrix.
// call: main(83xf32, 83x61xf32)
func.func @main(%x: tensor<83xf32>, %a: tensor<83x61xf32>) -> tensor<61xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<61xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<61xf32>) -> tensor<61xf32>
  %y = linalg.vecmat ins(%x, %a : tensor<83xf32>, tensor<83x61xf32>) outs(%init : tensor<61xf32>) -> tensor<61xf32>
  return %y : tensor<61xf32>
}
