// RUN: ropt %s --pass-pipeline='builtin.module(cpu-lower-copies)' | FileCheck %s

// CHECK-LABEL: func.func @strided
// CHECK-NOT: memref.copy
// CHECK: linalg.generic {indexing_maps = [#[[M:.*]], #[[M]]], iterator_types = ["parallel", "parallel"]}
// CHECK: linalg.yield
func.func @strided(%a: memref<4x8xf32, strided<[16, 2], offset: ?>>, %b: memref<4x8xf32>) {
  memref.copy %a, %b : memref<4x8xf32, strided<[16, 2], offset: ?>> to memref<4x8xf32>
  return
}
