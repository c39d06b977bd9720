// A read map that uses one loop twice, and a reversed read through tensor.extract.
// call: main(15x15xf32)
func.func @main(%x: tensor<15x15xf32>) -> (tensor<15xf32>, tensor<15xf32>) {
  %e = tensor.empty() : tensor<15xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(i) -> (i, i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : tensor<15x15xf32>) outs(%e : tensor<15xf32>) {
  ^bb0(%v: f32, %o: f32):
    linalg.yield %v : f32
  } -> tensor<15xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%e : tensor<15xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %c14 = arith.constant 14 : index
    %back = arith.subi %c14, %i : index
    %v = tensor.extract %x[%back, %i] : tensor<15x15xf32>
    linalg.yield %v : f32
  } -> tensor<15xf32>
  return %d, %r : tensor<15xf32>, tensor<15xf32>
}
