// Far apart rows of the right side and ragged edges in all three loops: operands are copied panel by panel, in several
// blocks of the reduction, and something is done with the result behind them.
// call: main(203x530xf32 in -1..1, 530x907xf32 in -1..1, 907xf32)
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (j)>
func.func @main(%a: tensor<203x530xf32>, %b: tensor<530x907xf32>, %bias: tensor<907xf32>) -> tensor<203x907xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<203x907xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<203x907xf32>) -> tensor<203x907xf32>
  %c = linalg.matmul ins(%a, %b : tensor<203x530xf32>, tensor<530x907xf32>) outs(%init : tensor<203x907xf32>) -> tensor<203x907xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%c, %bias : tensor<203x907xf32>, tensor<907xf32>) outs(%empty : tensor<203x907xf32>) {
  ^bb0(%u: f32, %v: f32, %o: f32):
    %s = arith.addf %u, %v : f32
    %r = arith.maximumf %s, %zero : f32
    linalg.yield %r : f32
  } -> tensor<203x907xf32>
  return %y : tensor<203x907xf32>
}
