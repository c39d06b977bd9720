// i8 arithmetic wraps around.
// call: main(99xi8, 99xi8)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<99xi8>, %y: tensor<99xi8>) -> (tensor<99xi8>, tensor<99xi8>) {
  %e = tensor.empty() : tensor<99xi8>
  %r:2 = linalg.generic {indexing_maps = [#id, #id, #id, #id], iterator_types = ["parallel"]} ins(%x, %y : tensor<99xi8>, tensor<99xi8>) outs(%e, %e : tensor<99xi8>, tensor<99xi8>) {
  ^bb0(%a: i8, %b: i8, %o0: i8, %o1: i8):
    %s = arith.addi %a, %b : i8
    %p = arith.muli %a, %b : i8
    %m = arith.maxsi %s, %p : i8
    linalg.yield %s, %m : i8, i8
  } -> (tensor<99xi8>, tensor<99xi8>)
  return %r#0, %r#1 : tensor<99xi8>, tensor<99xi8>
}
