// Operands that are padded with zeros need no mask; others keep it.
// RUN: ropt %s --pass-pipeline='builtin.module(func.func(cpu-unmask-contractions))' | FileCheck %s

// CHECK-LABEL: func.func @unpadded
// CHECK: vector.mask
// CHECK: vector.contract
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @unpadded(%a: vector<4x8xf32>, %b: vector<8x16xf32>, %c: vector<4x16xf32>, %mask: vector<4x16x8xi1>) -> vector<4x16xf32> {
  %r = vector.mask %mask { vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} %a, %b, %c : vector<4x8xf32>, vector<8x16xf32> into vector<4x16xf32> } : vector<4x16x8xi1> -> vector<4x16xf32>
  return %r : vector<4x16xf32>
}
