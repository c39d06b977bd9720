// RUN: ropt %s --pass-pipeline='builtin.module(cpu-place-allocations{max-bytes=1024})' | FileCheck %s

// A small buffer of a loop is one alloca in front of it; the large one stays on the heap.
// CHECK-LABEL: func.func @loop
// CHECK-NEXT: %[[S:.*]] = memref.alloca() {alignment = 64 : i64} : memref<8xf32>
// CHECK: scf.for
// CHECK-NOT: memref.alloca
// CHECK: %[[L:.*]] = memref.alloc() : memref<1024xf32>
// CHECK: memref.store %{{.*}}, %[[S]]
// CHECK: memref.dealloc %[[L]]
// CHECK-NOT: memref.dealloc %[[S]]
func.func @loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %f = arith.constant 1.0 : f32
  scf.for %i = %c0 to %n step %c1 {
    %small = memref.alloc() : memref<8xf32>
    %large = memref.alloc() : memref<1024xf32>
    memref.store %f, %small[%c0] : memref<8xf32>
    memref.store %f, %large[%c0] : memref<1024xf32>
    memref.dealloc %small : memref<8xf32>
    memref.dealloc %large : memref<1024xf32>
  }
  return
}

// What a loop passes on is not one buffer for all iterations.
// CHECK-LABEL: func.func @passed_on
// CHECK: memref.alloc()
// CHECK-NOT: memref.alloca
func.func @passed_on(%n: index, %m: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %m) -> (memref<8xf32>) {
    %b = memref.alloc() : memref<8xf32>
    memref.copy %a, %b : memref<8xf32> to memref<8xf32>
    scf.yield %b : memref<8xf32>
  }
  return
}
