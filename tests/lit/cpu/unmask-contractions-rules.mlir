// RUN: ropt %s --pass-pipeline='builtin.module(cpu-unmask-contractions)' | FileCheck %s

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

// CHECK-LABEL: func.func @zeros
// CHECK-NOT: vector.mask %{{.*}} { vector.contract
// CHECK: vector.contract
func.func @zeros(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: vector<8x32xf32>, %o: memref<?x?xf32>, %ma: vector<8x4xi1>, %mb: vector<4x32xi1>, %m: vector<8x32x4xi1>, %mc: vector<8x32xi1>) {
  %c0 = arith.constant 0 : index
  %z = arith.constant 0.0 : f32
  %x = vector.transfer_read %a[%c0, %c0], %z, %ma {in_bounds = [true, true]} : memref<?x?xf32>, vector<8x4xf32>
  %y = vector.transfer_read %b[%c0, %c0], %z, %mb {in_bounds = [true, true]} : memref<?x?xf32>, vector<4x32xf32>
  %r = vector.mask %m { vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"], kind = #vector.kind<add>} %x, %y, %c : vector<8x4xf32>, vector<4x32xf32> into vector<8x32xf32> } : vector<8x32x4xi1> -> vector<8x32xf32>
  vector.transfer_write %r, %o[%c0, %c0], %mc {in_bounds = [true, true]} : vector<8x32xf32>, memref<?x?xf32>
  return
}

// Padding that is no zero would be added.
// CHECK-LABEL: func.func @ones
// CHECK: vector.mask
func.func @ones(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: vector<8x32xf32>, %o: memref<?x?xf32>, %ma: vector<8x4xi1>, %mb: vector<4x32xi1>, %m: vector<8x32x4xi1>, %mc: vector<8x32xi1>) {
  %c0 = arith.constant 0 : index
  %z = arith.constant 1.0 : f32
  %x = vector.transfer_read %a[%c0, %c0], %z, %ma {in_bounds = [true, true]} : memref<?x?xf32>, vector<8x4xf32>
  %y = vector.transfer_read %b[%c0, %c0], %z, %mb {in_bounds = [true, true]} : memref<?x?xf32>, vector<4x32xf32>
  %r = vector.mask %m { vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"], kind = #vector.kind<add>} %x, %y, %c : vector<8x4xf32>, vector<4x32xf32> into vector<8x32xf32> } : vector<8x32x4xi1> -> vector<8x32xf32>
  vector.transfer_write %r, %o[%c0, %c0], %mc {in_bounds = [true, true]} : vector<8x32xf32>, memref<?x?xf32>
  return
}
