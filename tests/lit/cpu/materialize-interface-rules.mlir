// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(cpu-materialize-interface)' | FileCheck %s

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>

// CHECK-LABEL: func.func @whole
// CHECK: %[[A:.*]] = hal.interface.binding.subspan {{.*}} binding(0) {{.*}} : memref<4x8xf32>
// CHECK: %[[T:.*]] = bufferization.to_tensor %[[A]] restrict : memref<4x8xf32> to tensor<4x8xf32>
// CHECK: %[[B:.*]] = hal.interface.binding.subspan {{.*}} binding(1) {{.*}} : memref<4x8xf32>
// CHECK: bufferization.materialize_in_destination %{{.*}} in restrict writable %[[B]]
// CHECK-NOT: dispatch.tensor
func.func @whole() {
  %c0 = arith.constant 0 : index
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>>
  %1 = hal.interface.binding.subspan layout(#layout) binding(1) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x8xf32>>
  %2 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [4, 8], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>> -> tensor<4x8xf32>
  %3 = math.exp %2 : tensor<4x8xf32>
  iree_tensor_ext.dispatch.tensor.store %3, %1, offsets = [0, 0], sizes = [4, 8], strides = [1, 1] : tensor<4x8xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x8xf32>>
  return
}

// -----

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>

// What is read and written is one tensor, which each store replaces: bufferization sees the conflicts.
// CHECK-LABEL: func.func @in_place
// CHECK: %[[M:.*]] = hal.interface.binding.subspan
// CHECK: %[[T:.*]] = bufferization.to_tensor %[[M]] restrict writable
// CHECK: %[[NEW:.*]] = bufferization.materialize_in_destination %{{.*}} in %[[T]]
// CHECK: bufferization.materialize_in_destination %[[NEW]] in restrict writable %[[M]]
func.func @in_place() {
  %c0 = arith.constant 0 : index
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<8xf32>>
  %1 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [8], strides = [1] : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<8xf32>> -> tensor<8xf32>
  %2 = math.exp %1 : tensor<8xf32>
  iree_tensor_ext.dispatch.tensor.store %2, %0, offsets = [0], sizes = [8], strides = [1] : tensor<8xf32> -> !iree_tensor_ext.dispatch.tensor<readwrite:tensor<8xf32>>
  return
}

// -----

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>

// CHECK-LABEL: func.func @parts
// CHECK: tensor.extract_slice %{{.*}}[2, 0] [1, 8] [1, 1] : tensor<4x8xf32> to tensor<8xf32>
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[1, 0] [1, 8] [1, 1] : tensor<8xf32> into tensor<4x8xf32>
func.func @parts() {
  %c0 = arith.constant 0 : index
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) offset(%c0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>>
  %1 = hal.interface.binding.subspan layout(#layout) binding(1) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x8xf32>>
  %2 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [2, 0], sizes = [1, 8], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>> -> tensor<8xf32>
  iree_tensor_ext.dispatch.tensor.store %2, %1, offsets = [1, 0], sizes = [1, 8], strides = [1, 1] : tensor<8xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x8xf32>>
  return
}
