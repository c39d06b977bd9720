// i1 tensors between two dispatches and as the operand of a reduction.
// call: main(12x20xf32, 12x20xf32)
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<12x20xf32>, %y: tensor<12x20xf32>) -> (tensor<12xi32>, tensor<12xi8>) {
  %zero = arith.constant 0 : i32
  %true = arith.constant true
  %eb = tensor.empty() : tensor<12x20xi1>
  %less = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<12x20xf32>, tensor<12x20xf32>) outs(%eb : tensor<12x20xi1>) {
  ^bb0(%a: f32, %b: f32, %o: i1):
    %c = arith.cmpf olt, %a, %b : f32
    linalg.yield %c : i1
  } -> tensor<12x20xi1>
  %ei = tensor.empty() : tensor<12xi32>
  %init = linalg.fill ins(%zero : i32) outs(%ei : tensor<12xi32>) -> tensor<12xi32>
  %count = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%less : tensor<12x20xi1>) outs(%init : tensor<12xi32>) {
  ^bb0(%c: i1, %acc: i32):
    %w = arith.extui %c : i1 to i32
    %s = arith.addi %acc, %w : i32
    linalg.yield %s : i32
  } -> tensor<12xi32>
  %ea = tensor.empty() : tensor<12xi1>
  %tinit = linalg.fill ins(%true : i1) outs(%ea : tensor<12xi1>) -> tensor<12xi1>
  %all = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%less : tensor<12x20xi1>) outs(%tinit : tensor<12xi1>) {
  ^bb0(%c: i1, %acc: i1):
    %s = arith.andi %acc, %c : i1
    linalg.yield %s : i1
  } -> tensor<12xi1>
  %e8 = tensor.empty() : tensor<12xi8>
  %bytes = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%all : tensor<12xi1>) outs(%e8 : tensor<12xi8>) {
  ^bb0(%c: i1, %o: i8):
    %w = arith.extui %c : i1 to i8
    linalg.yield %w : i8
  } -> tensor<12xi8>
  return %count, %bytes : tensor<12xi32>, tensor<12xi8>
}
