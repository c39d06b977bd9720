// One attention block: scores of two heads, scaled softmax, weighted sum, output projection.
// call: main(2x24x16xf32, 2x24x16xf32, 2x24x16xf32, 32x32xf32)
#id = affine_map<(h, i, j) -> (h, i, j)>
#q = affine_map<(h, i, j, k) -> (h, i, k)>
#k = affine_map<(h, i, j, k) -> (h, j, k)>
#s = affine_map<(h, i, j, k) -> (h, i, j)>
func.func @main(%q: tensor<2x24x16xf32>, %k: tensor<2x24x16xf32>, %v: tensor<2x24x16xf32>, %w: tensor<32x32xf32>) -> tensor<24x32xf32> {
  %zero = arith.constant 0.0 : f32
  %scale = arith.constant 0.25 : f32
  %es = tensor.empty() : tensor<2x24x24xf32>
  %is = linalg.fill ins(%zero : f32) outs(%es : tensor<2x24x24xf32>) -> tensor<2x24x24xf32>
  %scores = linalg.generic {indexing_maps = [#q, #k, #s], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : tensor<2x24x16xf32>, tensor<2x24x16xf32>) outs(%is : tensor<2x24x24xf32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %p = arith.mulf %a, %b : f32
    %t = arith.addf %acc, %p : f32
    linalg.yield %t : f32
  } -> tensor<2x24x24xf32>
  %scaled = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%scores : tensor<2x24x24xf32>) outs(%es : tensor<2x24x24xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = arith.mulf %a, %scale : f32
    linalg.yield %p : f32
  } -> tensor<2x24x24xf32>
  %weights = linalg.softmax dimension(2) ins(%scaled : tensor<2x24x24xf32>) outs(%es : tensor<2x24x24xf32>) -> tensor<2x24x24xf32>
  %eo = tensor.empty() : tensor<2x24x16xf32>
  %io = linalg.fill ins(%zero : f32) outs(%eo : tensor<2x24x16xf32>) -> tensor<2x24x16xf32>
  %heads = linalg.batch_matmul ins(%weights, %v : tensor<2x24x24xf32>, tensor<2x24x16xf32>) outs(%io : tensor<2x24x16xf32>) -> tensor<2x24x16xf32>
  %et = tensor.empty() : tensor<24x2x16xf32>
  %joined = linalg.transpose ins(%heads : tensor<2x24x16xf32>) outs(%et : tensor<24x2x16xf32>) permutation = [1, 0, 2]
  %flat = tensor.collapse_shape %joined [[0], [1, 2]] : tensor<24x2x16xf32> into tensor<24x32xf32>
  %ey = tensor.empty() : tensor<24x32xf32>
  %iy = linalg.fill ins(%zero : f32) outs(%ey : tensor<24x32xf32>) -> tensor<24x32xf32>
  %y = linalg.matmul ins(%flat, %w : tensor<24x32xf32>, tensor<32x32xf32>) outs(%iy : tensor<24x32xf32>) -> tensor<24x32xf32>
  return %y : tensor<24x32xf32>
}
