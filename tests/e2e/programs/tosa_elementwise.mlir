// TOSA, lowered through upstream's own conversion: broadcast add, clamp, exponential, reduction.
// call: main(6x10xf32, 1x10xf32)
func.func @main(%x: tensor<6x10xf32>, %b: tensor<1x10xf32>) -> tensor<6x1xf32> {
  %0 = tosa.add %x, %b : (tensor<6x10xf32>, tensor<1x10xf32>) -> tensor<6x10xf32>
  %1 = "tosa.clamp"(%0) {min_val = -0.5 : f32, max_val = 0.75 : f32} : (tensor<6x10xf32>) -> tensor<6x10xf32>
  %2 = tosa.exp %1 : (tensor<6x10xf32>) -> tensor<6x10xf32>
  %3 = "tosa.reduce_sum"(%2) {axis = 1 : i32} : (tensor<6x10xf32>) -> tensor<6x1xf32>
  return %3 : tensor<6x1xf32>
}
