// Nothing known about the sizes: panels that fit, that are cut off, and that are only an edge.
// call: main(130x270xf32 in -1..1, 270x150xf32 in -1..1)
// call: main(256x256xf32 in -1..1, 256x512xf32 in -1..1)
// call: main(3x5xf32, 5x7xf32)
// call: main(1x300xf32 in -1..1, 300x1xf32 in -1..1)
func.func @main(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %b, %c1 : tensor<?x?xf32>
  %empty = tensor.empty(%m, %n) : tensor<?x?xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x?xf32>) -> tensor<?x?xf32>
  %c = linalg.matmul ins(%a, %b : tensor<?x?xf32>, tensor<?x?xf32>) outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %c : tensor<?x?xf32>
}
