// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(hal-form-dispatches)' | FileCheck %s

// Reshapes, contiguous slices and single elements stay on the host.

// CHECK-NOT: hal.executable
// CHECK-LABEL: func.func @main(
// CHECK-DAG: tensor.collapse_shape
// CHECK-DAG: tensor.extract_slice
// CHECK-DAG: tensor.extract %
// CHECK-DAG: tensor.from_elements
func.func @main(%a: tensor<4x6xf32>, %i: index) -> (tensor<24xf32>, tensor<2x6xf32>, tensor<2xf32>) {
  %0 = tensor.collapse_shape %a [[0, 1]] : tensor<4x6xf32> into tensor<24xf32>
  %1 = tensor.extract_slice %a[%i, 0] [2, 6] [1, 1] : tensor<4x6xf32> to tensor<2x6xf32>
  %2 = tensor.extract %a[%i, %i] : tensor<4x6xf32>
  %3 = tensor.from_elements %2, %2 : tensor<2xf32>
  return %0, %1, %3 : tensor<24xf32>, tensor<2x6xf32>, tensor<2xf32>
}

// -----

// Other slices are read by the kernels that use them, or copied by one when the host needs them.

// CHECK: @main_dispatch_0_slow_memcpy
// CHECK: tensor.extract_slice
// CHECK: @main_dispatch_1_elementwise_4x2_f32
// CHECK: tensor.extract_slice
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[A:.*]]: tensor<4x6xf32>)
// CHECK-DAG: flow.dispatch @main_dispatch_0::@main_dispatch_0_slow_memcpy(%[[A]])
// CHECK-DAG: flow.dispatch @main_dispatch_1::@main_dispatch_1_elementwise_4x2_f32(%[[A]])
func.func @main(%a: tensor<4x6xf32>) -> (tensor<4x3xf32>, tensor<4x2xf32>) {
  %0 = tensor.extract_slice %a[0, 1] [4, 3] [1, 1] : tensor<4x6xf32> to tensor<4x3xf32>
  %1 = tensor.extract_slice %a[0, 4] [4, 2] [1, 1] : tensor<4x6xf32> to tensor<4x2xf32>
  %2 = math.exp %1 : tensor<4x2xf32>
  return %0, %2 : tensor<4x3xf32>, tensor<4x2xf32>
}

// -----

// Loops of the host keep their dispatches inside.

// CHECK-LABEL: func.func @main(
// CHECK: scf.for
// CHECK-NEXT: flow.dispatch
// CHECK-NEXT: scf.yield
func.func @main(%x: tensor<12xf32>, %n: index) -> tensor<12xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%v = %x) -> (tensor<12xf32>) {
    %next = math.exp %v : tensor<12xf32>
    scf.yield %next : tensor<12xf32>
  }
  return %y : tensor<12xf32>
}

// -----

// A loop over single elements is one kernel; its scalar comes back as an element.

// CHECK: @main_dispatch_0_loop
// CHECK: %[[R:.*]]:2 = scf.for
// CHECK: dispatch.tensor.store %[[R]]#0
// CHECK: %[[T:.*]] = tensor.from_elements %[[R]]#1 : tensor<f32>
// CHECK: dispatch.tensor.store %[[T]]
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[A:.*]]: tensor<100xf32>)
// CHECK: %[[D:.*]]:2 = flow.dispatch @main_dispatch_0::@main_dispatch_0_loop(%[[A]]) : (tensor<100xf32>) -> (tensor<100xf32>, tensor<f32>)
// CHECK: %[[S:.*]] = tensor.extract %[[D]]#1[]
// CHECK: return %[[D]]#0, %[[S]]
func.func @main(%a: tensor<100xf32>) -> (tensor<100xf32>, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 100 : index
  %z = arith.constant 0.0 : f32
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%t = %a, %s = %z) -> (tensor<100xf32>, f32) {
    %v = tensor.extract %t[%i] : tensor<100xf32>
    %w = arith.addf %v, %s : f32
    %u = tensor.insert %w into %t[%i] : tensor<100xf32>
    scf.yield %u, %w : tensor<100xf32>, f32
  }
  return %r#0, %r#1 : tensor<100xf32>, f32
}

// -----

// A concatenation is copies into one tensor; padding, generating and inserting are kernels.

// CHECK-DAG: @main_dispatch_0_pad_6x6_f32
// CHECK-DAG: @main_dispatch_1_generate_Dx4_i64
// CHECK-DAG: @main_dispatch_2_insert_4x4_f32
// CHECK-LABEL: func.func @main(
// CHECK-COUNT-2: tensor.insert_slice
func.func @main(%a: tensor<4x4xf32>, %n: index, %v: f32) -> (tensor<8x4xf32>, tensor<6x6xf32>, tensor<?x4xi64>, tensor<4x4xf32>) {
  %z = arith.constant 0.0 : f32
  %0 = tensor.concat dim(0) %a, %a : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = tensor.pad %a low[1, 0] high[1, 2] {
  ^bb0(%i: index, %j: index):
    tensor.yield %z : f32
  } : tensor<4x4xf32> to tensor<6x6xf32>
  %2 = tensor.generate %n {
  ^bb0(%i: index, %j: index):
    %s = arith.addi %i, %j : index
    %t = arith.index_cast %s : index to i64
    tensor.yield %t : i64
  } : tensor<?x4xi64>
  %3 = tensor.insert %v into %a[%n, %n] : tensor<4x4xf32>
  return %0, %1, %2, %3 : tensor<8x4xf32>, tensor<6x6xf32>, tensor<?x4xi64>, tensor<4x4xf32>
}

// -----

// Functions of IREE's input phase and initializers are host code too.

// CHECK: hal.executable.source private @_initializer_0_dispatch_0
// CHECK: util.initializer
// CHECK: flow.dispatch @_initializer_0_dispatch_0::
// CHECK: util.func public @main
// CHECK: flow.dispatch @main_dispatch_0::
util.global private @seed = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf32>
util.global private @table : tensor<6xf32>
util.initializer {
  %c = util.global.load @seed : tensor<6xf32>
  %0 = math.exp %c : tensor<6xf32>
  util.global.store %0, @table : tensor<6xf32>
  util.return
}
util.func public @main(%x: tensor<6xf32>) -> tensor<6xf32> {
  %t = util.global.load @table : tensor<6xf32>
  %0 = arith.addf %x, %t : tensor<6xf32>
  util.return %0 : tensor<6xf32>
}

// -----

// TOSA goes through MLIR's own conversion.

// CHECK: @main_dispatch_0_batch_matmul_1x5x3x4_f32
func.func @main(%x: tensor<1x5x4xf32>, %w: tensor<1x4x3xf32>) -> tensor<1x5x3xf32> {
  %zp = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %0 = tosa.matmul %x, %w, %zp, %zp : (tensor<1x5x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x3xf32>
  %1 = tosa.exp %0 : (tensor<1x5x3xf32>) -> tensor<1x5x3xf32>
  return %1 : tensor<1x5x3xf32>
}
