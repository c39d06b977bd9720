// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s
// RUN: ropt --cse %s | FileCheck %s --check-prefix=EFFECTS

// CHECK-LABEL: func.func @dispatch
// CHECK-SAME: %[[A:.+]]: memref<4xf32>, %[[B:.+]]: memref<?xf32>, %[[X:.+]]: i32, %[[I:.+]]: index
func.func @dispatch(%a: memref<4xf32>, %b: memref<?xf32>, %x: i32, %i: index) {
  // CHECK: ropt.dispatch @exe::@export[%[[I]]](%[[A]], %[[B]], %[[X]]) reads [0] writes [0, 1] {note} : (memref<4xf32>, memref<?xf32>, i32)
  ropt.dispatch @exe::@export[%i](%a, %b, %x) reads [0] writes [0, 1] {note} : (memref<4xf32>, memref<?xf32>, i32)
  // CHECK: ropt.dispatch {@exe::@a, @exe::@b}(%[[A]]) reads [0] : (memref<4xf32>)
  ropt.dispatch {@exe::@a, @exe::@b}(%a) reads [0] : (memref<4xf32>)
  // CHECK: ropt.dispatch @exe::@export()
  ropt.dispatch @exe::@export()
  return
}

// What a dispatch writes is loaded again after it. A dispatch that writes
// nothing has no effect.
// EFFECTS-LABEL: func.func @effects
func.func @effects(%a: memref<4xf32>, %b: memref<4xf32>, %i: index) -> (f32, f32, f32) {
  // EFFECTS: %[[BEFORE:.+]] = memref.load
  %0 = memref.load %a[%i] : memref<4xf32>
  // EFFECTS-NEXT: ropt.dispatch
  ropt.dispatch @exe::@export(%b, %a) reads [0] writes [1] : (memref<4xf32>, memref<4xf32>)
  // EFFECTS-NEXT: %[[AFTER:.+]] = memref.load
  %1 = memref.load %a[%i] : memref<4xf32>
  ropt.dispatch @exe::@export(%a) reads [0] : (memref<4xf32>)
  %2 = memref.load %a[%i] : memref<4xf32>
  // EFFECTS-NEXT: return %[[BEFORE]], %[[AFTER]], %[[AFTER]]
  return %0, %1, %2 : f32, f32, f32
}
