// RUN: ropt %s --one-shot-bufferize="bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map" --canonicalize | FileCheck %s

// CHECK: util.global private mutable @state = dense<0.000000e+00> : tensor<4x8xf32>
util.global private mutable @state = dense<0.0> : tensor<4x8xf32>
util.global private mutable @dynamic : tensor<?x8xf32>
util.global private mutable @counter = 3 : i32

// Loaded, used, and only then stored: the storage itself is read.
// CHECK-LABEL: func.func @step(
func.func @step(%a: tensor<4x8xf32>, %k: i32) {
  // CHECK-NEXT: %[[S:.+]] = util.global.load @state : memref<4x8xf32>
  %s = util.global.load @state : tensor<4x8xf32>
  // CHECK-NEXT: util.global.load @counter : i32
  %n = util.global.load @counter : i32
  // CHECK-NEXT: util.global.store %{{.+}}, @counter : i32
  util.global.store %k, @counter : i32
  // CHECK-NEXT: %[[NEW:.+]] = memref.alloc
  // CHECK-NEXT: ropt.dispatch @e::@x(%{{.+}}, %[[S]], %{{.+}}, %[[NEW]])
  %q = flow.dispatch @e::@x(%a, %s, %n) : (tensor<4x8xf32>, tensor<4x8xf32>, i32) -> tensor<4x8xf32>
  // CHECK-NEXT: util.global.store %[[NEW]], @state : memref<4x8xf32>
  util.global.store %q, @state : tensor<4x8xf32>
  // CHECK-NEXT: return
  return
}

// The value before a store is used after it: it is copied.
// CHECK-LABEL: func.func @before(
func.func @before(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK-NEXT: %[[S:.+]] = util.global.load @state
  // CHECK-NEXT: %[[OLD:.+]] = memref.alloc
  // CHECK-NEXT: memref.copy %[[S]], %[[OLD]]
  %s = util.global.load @state : tensor<4x8xf32>
  // CHECK-NEXT: util.global.store
  util.global.store %a, @state : tensor<4x8xf32>
  %slice = tensor.extract_slice %s[0, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
  // CHECK: %[[ROWS:.+]] = memref.subview %[[OLD]]
  // CHECK: ropt.dispatch @e::@x(%[[ROWS]],
  %r = flow.dispatch @e::@x(%slice) : (tensor<2x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

// A function may be called that stores.
// CHECK-LABEL: func.func @across_call(
func.func @across_call(%a: tensor<4x8xf32>, %k: i32) -> tensor<4x8xf32> {
  // CHECK: %[[S:.+]] = util.global.load @state
  // CHECK: memref.copy %[[S]],
  %s = util.global.load @state : tensor<4x8xf32>
  call @step(%a, %k) : (tensor<4x8xf32>, i32) -> ()
  %r = flow.dispatch @e::@x(%s) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

// State is written by stores only, not by a dispatch.
// CHECK-LABEL: func.func @in_place(
func.func @in_place() {
  // CHECK: %[[S:.+]] = util.global.load @state
  // CHECK: %[[COPY:.+]] = memref.alloc
  // CHECK: memref.copy %[[S]], %[[COPY]]
  %s = util.global.load @state : tensor<4x8xf32>
  // CHECK: ropt.dispatch @e::@x(%[[COPY]]) reads [0] writes [0]
  %r = flow.dispatch @e::@x(%s) : (tensor<4x8xf32>) -> %s
  // CHECK: util.global.store %[[COPY]], @state
  util.global.store %r, @state : tensor<4x8xf32>
  return
}

// What is returned may be held on to while the state changes.
// CHECK-LABEL: func.func @returned(
func.func @returned() -> tensor<?x8xf32> {
  // CHECK: %[[S:.+]] = util.global.load @dynamic : memref<?x8xf32>
  // CHECK: %[[D:.+]] = memref.dim %[[S]]
  // CHECK: %[[COPY:.+]] = memref.alloc(%[[D]])
  // CHECK: memref.copy %[[S]], %[[COPY]]
  %s = util.global.load @dynamic : tensor<?x8xf32>
  // CHECK: return %[[COPY]]
  return %s : tensor<?x8xf32>
}
