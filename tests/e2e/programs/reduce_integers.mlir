// Sum, unsigned maximum and xor of i32 in one op with three results.
// call: main(31x50xi32 in -1000..1000)
#in = affine_map<(i, j) -> (i, j)>
#out = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<31x50xi32>) -> (tensor<31xi32>, tensor<31xi32>, tensor<31xi32>) {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<31xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<31xi32>) -> tensor<31xi32>
  %y:3 = linalg.generic {indexing_maps = [#in, #out, #out, #out], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<31x50xi32>) outs(%init, %init, %init : tensor<31xi32>, tensor<31xi32>, tensor<31xi32>) {
  ^bb0(%v: i32, %sum: i32, %max: i32, %xor: i32):
    %0 = arith.addi %v, %sum : i32
    %1 = arith.maxui %v, %max : i32
    %2 = arith.xori %v, %xor : i32
    linalg.yield %0, %1, %2 : i32, i32, i32
  } -> (tensor<31xi32>, tensor<31xi32>, tensor<31xi32>)
  return %y#0, %y#1, %y#2 : tensor<31xi32>, tensor<31xi32>, tensor<31xi32>
}
