// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s

// CHECK: util.global public @declared : tensor<4xf32>
util.global public @declared : tensor<4xf32>
// CHECK: util.global private mutable @dynamic : tensor<?xf32>
util.global private mutable @dynamic : tensor<?xf32>
// CHECK: util.global private @device = #hal.device.alias<"local"> : !hal.device
util.global private @device = #hal.device.alias<"local"> : !hal.device
// CHECK: util.global private mutable @counter {noinline} = 4 : i32
util.global private mutable @counter {noinline} = 4 : i32
// CHECK: util.global private @uninitialized = #util.uninitialized : tensor<4xf32>
util.global private @uninitialized = #util.uninitialized : tensor<4xf32>
// CHECK: util.global private @weights = dense<1.000000e+00> : tensor<4xf32>
util.global private @weights = dense<1.0> : tensor<4xf32>

// CHECK: util.initializer attributes {note} {
util.initializer attributes {note} {
  %cst = arith.constant dense<1.0> : tensor<4xf32>
  // CHECK: util.global.store %{{.+}}, @declared : tensor<4xf32>
  util.global.store %cst, @declared : tensor<4xf32>
  // CHECK: util.return
  util.return
}

// CHECK: util.func private @external(%arg0: tensor<?x?xf32>, %arg1: i32) -> tensor<?x?xf32>
util.func private @external(%a: tensor<?x?xf32>, %b: i32) -> tensor<?x?xf32>
// CHECK: util.func private @attributes(%arg0: i32 {a.b}) -> (i32 {c.d}, i32) attributes {note}
util.func private @attributes(%a: i32 {a.b}) -> (i32 {c.d}, i32) attributes {note}
// CHECK: util.func private @external_tied(%arg0: tensor<4xf32>) -> %arg0
util.func private @external_tied(%a: tensor<4xf32>) -> %a
// CHECK: util.func private @nothing()
util.func private @nothing()
// CHECK: util.func public @inherent() attributes {inlining_policy = #util.inline.never}
util.func @inherent() attributes {inlining_policy = #util.inline.never} {
  util.return
}

// CHECK: util.func public @tied(%[[A:.+]]: tensor<4xf32>, %[[B:.+]]: tensor<4xf32>) -> (%[[A]], %[[B]] as tensor<2x2xf32>) attributes {note} {
util.func public @tied(%a: tensor<4xf32>, %b: tensor<4xf32>) -> (%a, %b as tensor<2x2xf32>) attributes {note} {
  %c = arith.constant 1 : i32
  // CHECK: %[[CALL:.+]]:2 = util.call @attributes(%{{.+}}) : (i32) -> (i32, i32)
  %0:2 = util.call @attributes(%c) : (i32) -> (i32, i32)
  // CHECK: %[[T:.+]] = util.call @external_tied(%[[A]]) {note} : (tensor<4xf32>) -> %[[A]]
  %1 = util.call @external_tied(%a) {note} : (tensor<4xf32>) -> %a
  // CHECK: util.call @nothing() : () -> ()
  util.call @nothing() : () -> ()
  %x = tensor.expand_shape %b [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  // CHECK: util.return %[[T]], %{{.+}} : tensor<4xf32>, tensor<2x2xf32>
  util.return %1, %x : tensor<4xf32>, tensor<2x2xf32>
}

// CHECK-LABEL: util.func public @state
util.func public @state(%v: tensor<?xf32>) -> tensor<4xf32> {
  // CHECK: %dynamic = util.global.load @dynamic : tensor<?xf32>
  %0 = util.global.load @dynamic : tensor<?xf32>
  // CHECK: %declared = util.global.load immutable @declared : tensor<4xf32>
  %1 = util.global.load immutable @declared : tensor<4xf32>
  // CHECK: util.global.store %{{.+}}, @dynamic : tensor<?xf32>
  util.global.store %v, @dynamic : tensor<?xf32>
  // CHECK: util.return %declared : tensor<4xf32>
  util.return %1 : tensor<4xf32>
}

// What bufferization makes of them.
// CHECK-LABEL: util.func public @storage
util.func public @storage(%v: memref<?xf32>) {
  // CHECK: util.global.load @dynamic : memref<?xf32>
  %0 = util.global.load @dynamic : memref<?xf32>
  // CHECK: util.global.store %{{.+}}, @dynamic : memref<?xf32>
  util.global.store %v, @dynamic : memref<?xf32>
  util.return
}

// CHECK-LABEL: util.func public @hints
// CHECK-SAME: %[[I:.+]]: index, %[[C:.+]]: i32
util.func public @hints(%i: index, %c: i32) {
  // CHECK: util.optimization_barrier %[[I]] : index
  %0 = util.optimization_barrier %i : index
  // CHECK: util.optimization_barrier %[[I]], %[[C]] {note} : index, i32
  %1:2 = util.optimization_barrier %i, %c {note} : index, i32
  // CHECK: util.assume.int %[[I]]<umin = 0, umax = 4> : index
  %2 = util.assume.int %i<umin = 0, umax = 4> : index
  // CHECK: util.assume.int %[[I]][<umin = 0, umax = 4, udiv = 2>, <udiv = 5>] : index
  %3 = util.assume.int %i[<umin = 0, umax = 4, udiv = 2>, <udiv = 5>] : index
  // CHECK: %{{.+}}:2 = util.assume.int
  // CHECK-NEXT: %[[I]][<umin = 0>, <>],
  // CHECK-NEXT: %[[C]]<udiv = 4>
  // CHECK-NEXT: : index, i32
  %4:2 = util.assume.int %i[<umin = 0>, <>], %c<udiv = 4> : index, i32
  // CHECK: util.align %[[I]], %[[I]] : index
  %5 = util.align %i, %i : index
  util.return
}
