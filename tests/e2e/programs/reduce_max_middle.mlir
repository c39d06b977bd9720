// Maximum along the middle dimension of three.
// call: main(6x25x34xf32)
func.func @main(%x: tensor<6x25x34xf32>) -> tensor<6x34xf32> {
  %lowest = arith.constant 0xFF800000 : f32
  %empty = tensor.empty() : tensor<6x34xf32>
  %init = linalg.fill ins(%lowest : f32) outs(%empty : tensor<6x34xf32>) -> tensor<6x34xf32>
  %y = linalg.reduce ins(%x : tensor<6x25x34xf32>) outs(%init : tensor<6x34xf32>) dimensions = [1]
    (%v: f32, %acc: f32) {
      %m = arith.maximumf %v, %acc : f32
      linalg.yield %m : f32
    }
  return %y : tensor<6x34xf32>
}
