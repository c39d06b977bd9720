// Slices that begin between the addresses that wide loads take: elementwise, along rows, and as operands of a product.
// call: main(4099xf32)
func.func @main(%x: tensor<4099xf32>) -> (tensor<4096xf32>, tensor<64xf32>, tensor<64x64xf32>) {
  %zero = arith.constant 0.0 : f32
  %s = tensor.extract_slice %x[3] [4096] [1] : tensor<4099xf32> to tensor<4096xf32>
  %t = tensor.extract_slice %x[1] [4096] [1] : tensor<4099xf32> to tensor<4096xf32>
  %sum = arith.addf %s, %t : tensor<4096xf32>
  %a = tensor.expand_shape %s [[0, 1]] output_shape [64, 64] : tensor<4096xf32> into tensor<64x64xf32>
  %b = tensor.expand_shape %t [[0, 1]] output_shape [64, 64] : tensor<4096xf32> into tensor<64x64xf32>
  %e1 = tensor.empty() : tensor<64xf32>
  %i1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<64xf32>) -> tensor<64xf32>
  %rows = linalg.reduce ins(%a : tensor<64x64xf32>) outs(%i1 : tensor<64xf32>) dimensions = [1]
    (%v: f32, %so_far: f32) {
      %0 = arith.addf %v, %so_far : f32
      linalg.yield %0 : f32
    }
  %e2 = tensor.empty() : tensor<64x64xf32>
  %i2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<64x64xf32>) -> tensor<64x64xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x64xf32>, tensor<64x64xf32>) outs(%i2 : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %sum, %rows, %c : tensor<4096xf32>, tensor<64xf32>, tensor<64x64xf32>
}
