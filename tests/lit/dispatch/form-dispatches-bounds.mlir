// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(hal-form-dispatches)' | FileCheck %s

// What a kernel reads or writes at a position of run time is checked by the host before the dispatch.

// CHECK-LABEL: func.func @slice(
// CHECK: cf.assert %{{.*}}, "a slice reaches out of its tensor"
// CHECK-NEXT: flow.dispatch
func.func @slice(%x: tensor<6x8xf32>, %o: index, %n: index) -> tensor<6x?xf32> {
  %s = tensor.extract_slice %x[0, %o] [6, %n] [1, 1] : tensor<6x8xf32> to tensor<6x?xf32>
  %y = math.exp %s : tensor<6x?xf32>
  return %y : tensor<6x?xf32>
}

// -----

// CHECK-LABEL: func.func @insert(
// CHECK-SAME: %[[X:.*]]: tensor<6xf32>, %[[I:.*]]: index, %[[V:.*]]: f32)
// CHECK: %[[OK:.*]] = arith.cmpi ult, %[[I]], %c6 : index
// CHECK: cf.assert %[[OK]], "an element is inserted outside of its tensor"
// CHECK: flow.dispatch @insert_dispatch_0::@insert_dispatch_0_insert_6_f32(%[[X]], %[[V]], %[[I]])
func.func @insert(%x: tensor<6xf32>, %i: index, %v: f32) -> tensor<6xf32> {
  %y = tensor.insert %v into %x[%i] : tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

// CHECK-LABEL: func.func @pad(
// CHECK: %[[OK:.*]] = arith.cmpi sge, %{{.*}}, %c0 : index
// CHECK: cf.assert %[[OK]], "a tensor is padded by a negative number of elements"
// CHECK-NOT: cf.assert
func.func @pad(%x: tensor<4xf32>, %low: index) -> tensor<?xf32> {
  %z = arith.constant 0.0 : f32
  %y = tensor.pad %x low[%low] high[2] {
  ^bb0(%i: index):
    tensor.yield %z : f32
  } : tensor<4xf32> to tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// Positions that are known need no check.

// CHECK-LABEL: func.func @known(
// CHECK-NOT: cf.assert
// CHECK: return
func.func @known(%x: tensor<6x8xf32>, %v: f32) -> (tensor<6x2xf32>, tensor<6x8xf32>) {
  %c1 = arith.constant 1 : index
  %s = tensor.extract_slice %x[0, 3] [6, 2] [1, 1] : tensor<6x8xf32> to tensor<6x2xf32>
  %0 = math.exp %s : tensor<6x2xf32>
  %1 = tensor.insert %v into %x[%c1, %c1] : tensor<6x8xf32>
  return %0, %1 : tensor<6x2xf32>, tensor<6x8xf32>
}
