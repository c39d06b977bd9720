// Every third column of every second row, then doubled.
// call: main(20x30xf32)
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<20x30xf32>) -> tensor<9x8xf32> {
  %s = tensor.extract_slice %x[1, 2] [9, 8] [2, 3] : tensor<20x30xf32> to tensor<9x8xf32>
  %e = tensor.empty() : tensor<9x8xf32>
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%s : tensor<9x8xf32>) outs(%e : tensor<9x8xf32>) {
  ^bb0(%v: f32, %o: f32):
    %d = arith.addf %v, %v : f32
    linalg.yield %d : f32
  } -> tensor<9x8xf32>
  return %y : tensor<9x8xf32>
}
