// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(cpu-select-schedule)' | FileCheck %s

// The sizes follow the vector registers: without a target they are taken to be 16 bytes wide.
// CHECK-LABEL: func.func @matmul()
// CHECK-SAME: ropt.schedule = "contraction"
// CHECK-SAME: register = array<i64: 8, 8, 0>
// CHECK: linalg.matmul {ropt.root, ropt.sink}
#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>
func.func @matmul() {
  %z = arith.constant 0.0 : f32
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<64x128xf32>>
  %1 = hal.interface.binding.subspan layout(#layout) binding(1) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<128x96xf32>>
  %2 = hal.interface.binding.subspan layout(#layout) binding(2) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<64x96xf32>>
  %a = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [64, 128], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<64x128xf32>> -> tensor<64x128xf32>
  %b = iree_tensor_ext.dispatch.tensor.load %1, offsets = [0, 0], sizes = [128, 96], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<128x96xf32>> -> tensor<128x96xf32>
  %e = tensor.empty() : tensor<64x96xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<64x96xf32>) -> tensor<64x96xf32>
  %m = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x96xf32>) outs(%f : tensor<64x96xf32>) -> tensor<64x96xf32>
  iree_tensor_ext.dispatch.tensor.store %m, %2, offsets = [0, 0], sizes = [64, 96], strides = [1, 1] : tensor<64x96xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<64x96xf32>>
  return
}

// -----

// What a user wrote is kept.
// CHECK-LABEL: func.func @mine()
// CHECK-SAME: ropt.schedule = "elementwise", ropt.tiles = {register = array<i64: 1, 16>}
func.func @mine() attributes {ropt.schedule = "elementwise", ropt.tiles = {register = array<i64: 1, 16>}} {
  return
}

// -----

// Nothing that a schedule could work with.
// CHECK-LABEL: func.func @nothing()
// CHECK-SAME: ropt.schedule = "plain"
func.func @nothing() {
  return
}

// -----

// Rows of the right side that lie far apart are copied panel by panel.
// CHECK-LABEL: func.func @large()
// CHECK-SAME: ropt.schedule = "panels"
// CHECK-SAME: block = array<i64: 0, 0, 256>
// CHECK-SAME: left = array<i64: 0>
// CHECK-SAME: right = array<i64: 1>
#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>
func.func @large() {
  %z = arith.constant 0.0 : f32
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<512x1024xf32>>
  %1 = hal.interface.binding.subspan layout(#layout) binding(1) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<1024x2048xf32>>
  %2 = hal.interface.binding.subspan layout(#layout) binding(2) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<512x2048xf32>>
  %a = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [512, 1024], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<512x1024xf32>> -> tensor<512x1024xf32>
  %b = iree_tensor_ext.dispatch.tensor.load %1, offsets = [0, 0], sizes = [1024, 2048], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<1024x2048xf32>> -> tensor<1024x2048xf32>
  %e = tensor.empty() : tensor<512x2048xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<512x2048xf32>) -> tensor<512x2048xf32>
  %m = linalg.matmul ins(%a, %b : tensor<512x1024xf32>, tensor<1024x2048xf32>) outs(%f : tensor<512x2048xf32>) -> tensor<512x2048xf32>
  iree_tensor_ext.dispatch.tensor.store %m, %2, offsets = [0, 0], sizes = [512, 2048], strides = [1, 1] : tensor<512x2048xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<512x2048xf32>>
  return
}
