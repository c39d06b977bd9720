// A small buffer of known size moves to the stack; a large one does not.
// RUN: ropt %s --pass-pipeline='builtin.module(cpu-place-allocations{max-bytes=4096})' | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK: memref.alloca() {{.*}}: memref<16x4xf32>
// CHECK-NOT: memref.dealloc
func.func @f(%v: f32, %i: index) -> f32 {
  %small = memref.alloc() : memref<16x4xf32>
  memref.store %v, %small[%i, %i] : memref<16x4xf32>
  %r = memref.load %small[%i, %i] : memref<16x4xf32>
  memref.dealloc %small : memref<16x4xf32>
  return %r : f32
}
