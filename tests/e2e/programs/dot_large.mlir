// Products and a maximum over one dimension whose length is no multiple of anything, down to single numbers. (Not longer:
// Mesa's llvmpipe ends every loop after 65535 rounds.)
// call: main(50003xf32, 50003xf32, 60001xi32)
#v = affine_map<(i) -> (i)>
#s = affine_map<(i) -> ()>
func.func @main(%x: tensor<?xf32>, %y: tensor<?xf32>, %n: tensor<60001xi32>) -> (tensor<f32>, tensor<i32>) {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant -2147483648 : i32
  %e = tensor.empty() : tensor<f32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %sum = linalg.generic {indexing_maps = [#v, #v, #s], iterator_types = ["reduction"]} ins(%x, %y : tensor<?xf32>, tensor<?xf32>) outs(%init : tensor<f32>) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %p = arith.mulf %a, %b : f32
    %r = arith.addf %acc, %p : f32
    linalg.yield %r : f32
  } -> tensor<f32>
  %ei = tensor.empty() : tensor<i32>
  %low = linalg.fill ins(%least : i32) outs(%ei : tensor<i32>) -> tensor<i32>
  %top = linalg.generic {indexing_maps = [#v, #s], iterator_types = ["reduction"]} ins(%n : tensor<60001xi32>) outs(%low : tensor<i32>) {
  ^bb0(%a: i32, %acc: i32):
    %r = arith.maxsi %a, %acc : i32
    linalg.yield %r : i32
  } -> tensor<i32>
  return %sum, %top : tensor<f32>, tensor<i32>
}
