// Float to integer, integer to float, widening and narrowing.
// call: main(80xf32 in -1000..1000, 80xi8)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<80xf32>, %b: tensor<80xi8>) -> (tensor<80xi32>, tensor<80xi64>, tensor<80xf32>, tensor<80xi8>) {
  %e32 = tensor.empty() : tensor<80xi32>
  %e64 = tensor.empty() : tensor<80xi64>
  %ef = tensor.empty() : tensor<80xf32>
  %e8 = tensor.empty() : tensor<80xi8>
  %r:4 = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id, #id], iterator_types = ["parallel"]} ins(%x, %b : tensor<80xf32>, tensor<80xi8>) outs(%e32, %e64, %ef, %e8 : tensor<80xi32>, tensor<80xi64>, tensor<80xf32>, tensor<80xi8>) {
  ^bb0(%v: f32, %c: i8, %o0: i32, %o1: i64, %o2: f32, %o3: i8):
    %i = arith.fptosi %v : f32 to i32
    %l = arith.extsi %i : i32 to i64
    %w = arith.extsi %c : i8 to i64
    %p = arith.muli %l, %w : i64
    %u = arith.uitofp %c : i8 to f32
    %t = arith.trunci %i : i32 to i8
    linalg.yield %i, %p, %u, %t : i32, i64, f32, i8
  } -> (tensor<80xi32>, tensor<80xi64>, tensor<80xf32>, tensor<80xi8>)
  return %r#0, %r#1, %r#2, %r#3 : tensor<80xi32>, tensor<80xi64>, tensor<80xf32>, tensor<80xi8>
}
