// A five-point stencil over overlapping slices, repeated by a loop on the host.
// call: main(18x22xf32, i32=3)
#id = affine_map<(i, j) -> (i, j)>
func.func @main(%x: tensor<18x22xf32>, %steps: i32) -> tensor<18x22xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.index_cast %steps : i32 to index
  %quarter = arith.constant 0.25 : f32
  %y = scf.for %t = %c0 to %n step %c1 iter_args(%g = %x) -> (tensor<18x22xf32>) {
    %up = tensor.extract_slice %g[0, 1] [16, 20] [1, 1] : tensor<18x22xf32> to tensor<16x20xf32>
    %down = tensor.extract_slice %g[2, 1] [16, 20] [1, 1] : tensor<18x22xf32> to tensor<16x20xf32>
    %left = tensor.extract_slice %g[1, 0] [16, 20] [1, 1] : tensor<18x22xf32> to tensor<16x20xf32>
    %right = tensor.extract_slice %g[1, 2] [16, 20] [1, 1] : tensor<18x22xf32> to tensor<16x20xf32>
    %e = tensor.empty() : tensor<16x20xf32>
    %mean = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%up, %down, %left, %right : tensor<16x20xf32>, tensor<16x20xf32>, tensor<16x20xf32>, tensor<16x20xf32>) outs(%e : tensor<16x20xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32, %d: f32, %o: f32):
      %0 = arith.addf %a, %b : f32
      %1 = arith.addf %c, %d : f32
      %2 = arith.addf %0, %1 : f32
      %3 = arith.mulf %2, %quarter : f32
      linalg.yield %3 : f32
    } -> tensor<16x20xf32>
    %next = tensor.insert_slice %mean into %g[1, 1] [16, 20] [1, 1] : tensor<16x20xf32> into tensor<18x22xf32>
    scf.yield %next : tensor<18x22xf32>
  }
  return %y : tensor<18x22xf32>
}
