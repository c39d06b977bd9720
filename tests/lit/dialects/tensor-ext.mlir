// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s

!input = !iree_tensor_ext.dispatch.tensor<readonly:tensor<?x8xf32>>
!inout = !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x8xf32>>
!output = !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x8xf32>>
!scalar = !iree_tensor_ext.dispatch.tensor<writeonly:tensor<f32>>

// CHECK-LABEL: func.func @slices(
// CHECK-SAME: %[[IN:.+]]: !iree_tensor_ext.dispatch.tensor<readonly:tensor<?x8xf32>>, %[[INOUT:.+]]: !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x8xf32>>, %[[OUT:.+]]: !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x8xf32>>, %[[SCALAR:.+]]: !iree_tensor_ext.dispatch.tensor<writeonly:tensor<f32>>, %[[D:.+]]: index, %[[V:.+]]: tensor<2x8xf32>, %[[S:.+]]: tensor<f32>
func.func @slices(%in: !input, %inout: !inout, %out: !output, %scalar: !scalar, %d: index, %v: tensor<2x8xf32>, %s: tensor<f32>) {
  // CHECK: iree_tensor_ext.dispatch.tensor.load %[[IN]], offsets = [%[[D]], 0], sizes = [4, %[[D]]], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?x8xf32>>{%[[D]]} -> tensor<4x?xf32>
  %0 = iree_tensor_ext.dispatch.tensor.load %in, offsets = [%d, 0], sizes = [4, %d], strides = [1, 1] : !input{%d} -> tensor<4x?xf32>
  // The slice's unit dimension is not in the tensor.
  // CHECK: iree_tensor_ext.dispatch.tensor.load %[[INOUT]], offsets = [1, 0], sizes = [1, 8], strides = [1, 1] {note} : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x8xf32>> -> tensor<8xf32>
  %1 = iree_tensor_ext.dispatch.tensor.load %inout, offsets = [1, 0], sizes = [1, 8], strides = [1, 1] {note} : !inout -> tensor<8xf32>
  // CHECK: iree_tensor_ext.dispatch.tensor.store %[[V]], %[[OUT]], offsets = [1, %[[D]]], sizes = [2, 8], strides = [1, 1] : tensor<2x8xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x8xf32>>
  iree_tensor_ext.dispatch.tensor.store %v, %out, offsets = [1, %d], sizes = [2, 8], strides = [1, 1] : tensor<2x8xf32> -> !output
  // CHECK: iree_tensor_ext.dispatch.tensor.store %[[S]], %[[SCALAR]], offsets = [], sizes = [], strides = [] : tensor<f32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<f32>>
  iree_tensor_ext.dispatch.tensor.store %s, %scalar, offsets = [], sizes = [], strides = [] : tensor<f32> -> !scalar
  return
}

// CHECK-LABEL: func.func @dynamic_target
func.func @dynamic_target(%out: !iree_tensor_ext.dispatch.tensor<writeonly:tensor<?x?xf32>>, %v: tensor<?x?xf32>, %m: index, %n: index) {
  // CHECK: iree_tensor_ext.dispatch.tensor.store %{{.+}}, %{{.+}}, offsets = [0, 0], sizes = [%[[M:.+]], %[[N:.+]]], strides = [1, 1] : tensor<?x?xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<?x?xf32>>{%[[M]], %[[N]]}
  iree_tensor_ext.dispatch.tensor.store %v, %out, offsets = [0, 0], sizes = [%m, %n], strides = [1, 1] : tensor<?x?xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<?x?xf32>>{%m, %n}
  return
}

// CHECK: func.func private @scalar(!iree_tensor_ext.dispatch.tensor<readonly:i32>)
func.func private @scalar(!iree_tensor_ext.dispatch.tensor<readonly:i32>)

// CHECK-LABEL: func.func @counts
// CHECK-SAME: %[[D:.+]]: index
func.func @counts(%d: index) {
  // CHECK: iree_tensor_ext.dispatch.workload.ordinal %[[D]], 3 : index
  %0 = iree_tensor_ext.dispatch.workload.ordinal %d, 3 : index
  // CHECK: %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
  %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
  // CHECK: %{{.+}}, %{{.+}}, %{{.+}} = iree_tensor_ext.dispatch.workgroup_count_from_slice(%[[D]], %[[D]]) {note}
  %x1, %y1, %z1 = iree_tensor_ext.dispatch.workgroup_count_from_slice(%d, %d) {note}
  // CHECK: iree_tensor_ext.dispatch.workgroup_count_from_dag_root(%[[D]])
  %x2, %y2, %z2 = iree_tensor_ext.dispatch.workgroup_count_from_dag_root(%d)
  // CHECK: iree_tensor_ext.dispatch.workgroup_count_split_reduction_modifier workgroups(%x, %y, %z) workload(%[[D]])
  %x3, %y3, %z3 = iree_tensor_ext.dispatch.workgroup_count_split_reduction_modifier workgroups(%x, %y, %z) workload(%d)
  return
}
