// RUN: ropt %s --pass-pipeline='builtin.module(cpu-lower-vectors)' | FileCheck %s

// CHECK-LABEL: func.func @contract
// CHECK-NOT: vector.contract
// CHECK-COUNT-4: vector.fma
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @contract(%a: vector<2x2xf32>, %b: vector<2x16xf32>, %c: vector<2x16xf32>) -> vector<2x16xf32> {
  %r = vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"], kind = #vector.kind<add>} %a, %b, %c : vector<2x2xf32>, vector<2x16xf32> into vector<2x16xf32>
  return %r : vector<2x16xf32>
}

// The transpose of one column comes to an end.
// CHECK-LABEL: func.func @column
// CHECK-NOT: vector.transpose
// CHECK: vector.store {{.*}} memref<64x64xf32>, vector<16xf32>
func.func @column(%a: memref<64x64xf32>, %b: memref<64x64xf32>) {
  %c0 = arith.constant 0 : index
  %z = arith.constant 0.0 : f32
  %x = vector.transfer_read %a[%c0, %c0], %z {in_bounds = [true, true]} : memref<64x64xf32>, vector<16x1xf32>
  %y = vector.transpose %x, [1, 0] : vector<16x1xf32> to vector<1x16xf32>
  vector.transfer_write %y, %b[%c0, %c0] {in_bounds = [true, true]} : vector<1x16xf32>, memref<64x64xf32>
  return
}
