// A rotation of three dimensions, i8.
// call: main(4x9x20xi8)
func.func @main(%x: tensor<4x9x20xi8>) -> tensor<20x4x9xi8> {
  %e = tensor.empty() : tensor<20x4x9xi8>
  %y = linalg.transpose ins(%x : tensor<4x9x20xi8>) outs(%e : tensor<20x4x9xi8>) permutation = [2, 0, 1]
  return %y : tensor<20x4x9xi8>
}
