// A copy becomes a linalg.generic.
// RUN: ropt %s --pass-pipeline='builtin.module(cpu-lower-copies)' | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-NOT: memref.copy
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : memref<4x8xf32>) outs(%{{.*}} : memref<4x8xf32>)
func.func @f(%a: memref<4x8xf32>, %b: memref<4x8xf32>) {
  memref.copy %a, %b : memref<4x8xf32> to memref<4x8xf32>
  return
}
