// RUN: ropt %s --resolve-ranked-shaped-type-result-dims --canonicalize | FileCheck %s
// RUN: ropt %s --int-range-optimizations | FileCheck %s --check-prefix=RANGES

// CHECK-LABEL: func.func @load(
// CHECK-SAME: %[[IN:.+]]: !iree_tensor_ext.dispatch.tensor<readonly:tensor<?x?x8xf32>>, %[[M:.+]]: index, %[[N:.+]]: index
func.func @load(%in: !iree_tensor_ext.dispatch.tensor<readonly:tensor<?x?x8xf32>>, %m: index, %n: index) -> (index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = iree_tensor_ext.dispatch.tensor.load %in, offsets = [0, 0, 0], sizes = [1, %n, 8], strides = [1, 1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?x?x8xf32>>{%m, %n} -> tensor<?x8xf32>
  %d0 = tensor.dim %0, %c0 : tensor<?x8xf32>
  %d1 = tensor.dim %0, %c1 : tensor<?x8xf32>
  // CHECK: return %[[N]], %c8
  return %d0, %d1 : index, index
}

// CHECK-LABEL: func.func @dispatch(
// CHECK-SAME: %[[N:.+]]: index
func.func @dispatch(%n: index) -> index {
  %c1 = arith.constant 1 : index
  %0:2 = flow.dispatch @e::@x() : () -> (tensor<?xf32>{%n}, tensor<4x?xf32>{%n})
  %d = tensor.dim %0#1, %c1 : tensor<4x?xf32>
  // CHECK: return %[[N]]
  return %d : index
}

// CHECK-LABEL: func.func @buffer(
// CHECK-SAME: %[[B:.+]]: memref<?x8xf32>
func.func @buffer(%b: memref<?x8xf32>) -> index {
  %c0 = arith.constant 0 : index
  %0 = iree_codegen.load_from_buffer %b : memref<?x8xf32> -> tensor<?x8xf32>
  // CHECK: %[[D:.+]] = memref.dim %[[B]], %c0
  %d = tensor.dim %0, %c0 : tensor<?x8xf32>
  // CHECK: return %[[D]]
  return %d : index
}

// RANGES-LABEL: func.func @ranges
func.func @ranges(%i: index) -> i1 {
  %0 = util.assume.int %i[<umin = 1, umax = 4>, <umin = 2, umax = 7>] : index
  %c8 = arith.constant 8 : index
  %1 = arith.cmpi ult, %0, %c8 : index
  // RANGES: return %true
  return %1 : i1
}
