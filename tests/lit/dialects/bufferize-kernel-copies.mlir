// RUN: ropt %s --pass-pipeline='builtin.module(func.func(eliminate-empty-tensors,empty-tensor-to-alloc-tensor),one-shot-bufferize,canonicalize,cse,canonicalize)' | FileCheck %s

// Where computing in the binding would be wrong, a copy is made.

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
#id = affine_map<(d0, d1) -> (d0, d1)>
#transposed = affine_map<(d0, d1) -> (d1, d0)>

// A transpose of a binding onto itself needs a second buffer.
// CHECK-LABEL: func.func @transpose
func.func @transpose() {
  // CHECK: %[[C:.+]] = hal.interface.binding.subspan
  %0 = hal.interface.binding.subspan layout(#layout) binding(1) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  %c = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>> -> tensor<4x4xf32>
  %empty = tensor.empty() : tensor<4x4xf32>
  // CHECK: %[[T:.+]] = memref.alloc()
  // CHECK: linalg.generic {{.+}} ins(%[[C]] : memref<4x4xf32>) outs(%[[T]] : memref<4x4xf32>)
  %r = linalg.generic {indexing_maps = [#transposed, #id], iterator_types = ["parallel", "parallel"]} ins(%c : tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<4x4xf32>
  // CHECK: memref.copy %[[T]], %[[C]]
  iree_tensor_ext.dispatch.tensor.store %r, %0, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : tensor<4x4xf32> -> !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  return
}

// A read-only binding is never written.
// CHECK-LABEL: func.func @read_only
func.func @read_only() {
  // CHECK: %[[A:.+]] = hal.interface.binding.subspan {{.+}} binding(0)
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>>
  // CHECK: %[[C:.+]] = hal.interface.binding.subspan {{.+}} binding(1)
  %1 = hal.interface.binding.subspan layout(#layout) binding(1) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x4xf32>>
  %a = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>> -> tensor<4x4xf32>
  // CHECK: %[[T:.+]] = memref.alloc()
  // CHECK: memref.copy %[[A]], %[[T]]
  // CHECK: linalg.matmul {{.+}} outs(%[[T]] : memref<4x4xf32>)
  %m = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK: memref.copy %[[T]], %[[C]]
  iree_tensor_ext.dispatch.tensor.store %m, %1, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : tensor<4x4xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x4xf32>>
  return
}

// What a binding held before a store is needed after it.
// CHECK-LABEL: func.func @old_value
func.func @old_value() {
  // CHECK: %[[OUT:.+]] = hal.interface.binding.subspan {{.+}} binding(0)
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<2x4xf32>>
  // CHECK: %[[C:.+]] = hal.interface.binding.subspan {{.+}} binding(1)
  %1 = hal.interface.binding.subspan layout(#layout) binding(1) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  // CHECK: %[[ROWS:.+]] = memref.subview %[[C]][2, 0] [2, 4] [1, 1]
  // CHECK: %[[OLD:.+]] = memref.alloc() {{.*}} : memref<2x4xf32>
  // CHECK: memref.copy %[[ROWS]], %[[OLD]]
  %old = iree_tensor_ext.dispatch.tensor.load %1, offsets = [2, 0], sizes = [2, 4], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>> -> tensor<2x4xf32>
  %zero = arith.constant dense<0.0> : tensor<4x4xf32>
  // CHECK: memref.copy %{{.+}}, %[[C]]
  iree_tensor_ext.dispatch.tensor.store %zero, %1, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : tensor<4x4xf32> -> !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  // CHECK: memref.copy %[[OLD]], %[[OUT]]
  iree_tensor_ext.dispatch.tensor.store %old, %0, offsets = [0, 0], sizes = [2, 4], strides = [1, 1] : tensor<2x4xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<2x4xf32>>
  return
}
