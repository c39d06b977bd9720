// Scalar arguments of several types reach a kernel and scalar results come back.
// call: main(30xf32, f32=1.5, i32=-3, i64=5000000000)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<30xf32>, %scale: f32, %shift: i32, %wide: i64) -> (tensor<30xf32>, f32, i32, i64) {
  %e = tensor.empty() : tensor<30xf32>
  %fshift = arith.sitofp %shift : i32 to f32
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<30xf32>) outs(%e : tensor<30xf32>) {
  ^bb0(%v: f32, %o: f32):
    %p = arith.mulf %v, %scale : f32
    %s = arith.addf %p, %fshift : f32
    %w = arith.sitofp %wide : i64 to f32
    %t = arith.divf %s, %w : f32
    %u = arith.mulf %t, %w : f32
    linalg.yield %u : f32
  } -> tensor<30xf32>
  %double = arith.addf %scale, %scale : f32
  %square = arith.muli %shift, %shift : i32
  %next = arith.addi %wide, %wide : i64
  return %y, %double, %square, %next : tensor<30xf32>, f32, i32, i64
}
