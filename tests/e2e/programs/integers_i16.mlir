// i16 and an unsigned reading of it.
// call: main(70xi16)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<70xi16>) -> (tensor<70xi32>, tensor<70xi32>) {
  %e = tensor.empty() : tensor<70xi32>
  %r:2 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%x : tensor<70xi16>) outs(%e, %e : tensor<70xi32>, tensor<70xi32>) {
  ^bb0(%a: i16, %o0: i32, %o1: i32):
    %s = arith.extsi %a : i16 to i32
    %u = arith.extui %a : i16 to i32
    linalg.yield %s, %u : i32, i32
  } -> (tensor<70xi32>, tensor<70xi32>)
  return %r#0, %r#1 : tensor<70xi32>, tensor<70xi32>
}
