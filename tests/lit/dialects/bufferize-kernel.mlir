// RUN: ropt %s --pass-pipeline='builtin.module(func.func(ropt-store-in-place,eliminate-empty-tensors,empty-tensor-to-alloc-tensor),one-shot-bufferize,canonicalize,cse,canonicalize)' | FileCheck %s

// A kernel computes in its bindings: no allocation, no copy, and no tensor is
// left.
// CHECK-NOT: memref.alloc
// CHECK-NOT: memref.copy
// CHECK-NOT: iree_tensor_ext.dispatch.tensor

#layout = #hal.pipeline.layout<constants = 3, bindings = [
  #hal.pipeline.binding<storage_buffer, ReadOnly>,
  #hal.pipeline.binding<storage_buffer, ReadOnly>,
  #hal.pipeline.binding<storage_buffer>]>
#id = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: func.func @matmul_relu
func.func @matmul_relu() {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  // CHECK: %[[A:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : memref<64x128xf32>
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<64x128xf32>>
  // CHECK: %[[B:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(1) alignment(64) offset(%c0) flags(ReadOnly) : memref<128x32xf32>
  %1 = hal.interface.binding.subspan layout(#layout) binding(1) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<128x32xf32>>
  // CHECK: %[[C:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(2) alignment(64) offset(%c0) : memref<64x32xf32>
  %2 = hal.interface.binding.subspan layout(#layout) binding(2) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<64x32xf32>>
  %a = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [64, 128], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<64x128xf32>> -> tensor<64x128xf32>
  %b = iree_tensor_ext.dispatch.tensor.load %1, offsets = [0, 0], sizes = [128, 32], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<128x32xf32>> -> tensor<128x32xf32>
  %empty = tensor.empty() : tensor<64x32xf32>
  // CHECK-NEXT: linalg.fill ins(%{{.+}} : f32) outs(%[[C]] : memref<64x32xf32>)
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  // CHECK-NEXT: linalg.matmul ins(%[[A]], %[[B]] : memref<64x128xf32>, memref<128x32xf32>) outs(%[[C]] : memref<64x32xf32>)
  %m = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%fill : tensor<64x32xf32>) -> tensor<64x32xf32>
  // CHECK-NEXT: linalg.generic {{.+}} outs(%[[C]] : memref<64x32xf32>)
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%m : tensor<64x32xf32>) outs(%empty : tensor<64x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %max = arith.maximumf %in, %zero : f32
    linalg.yield %max : f32
  } -> tensor<64x32xf32>
  iree_tensor_ext.dispatch.tensor.store %r, %2, offsets = [0, 0], sizes = [64, 32], strides = [1, 1] : tensor<64x32xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<64x32xf32>>
  // CHECK: return
  return
}

// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME: %[[M:.+]]: index, %[[N:.+]]: index
func.func @dynamic(%m: index, %n: index) {
  // CHECK: %[[A:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(0) : memref<?x?xf32>{%[[M]], %[[N]]}
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?x?xf32>>{%m, %n}
  // CHECK: %[[C:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(2) : memref<?x?xf32>{%[[M]], %[[N]]}
  %1 = hal.interface.binding.subspan layout(#layout) binding(2) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<?x?xf32>>{%m, %n}
  %a = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [%m, %n], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?x?xf32>>{%m, %n} -> tensor<?x?xf32>
  %empty = tensor.empty(%m, %n) : tensor<?x?xf32>
  // CHECK: linalg.generic {{.+}} ins(%[[A]] : memref<?x?xf32>) outs(%[[C]] : memref<?x?xf32>)
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<?x?xf32>) outs(%empty : tensor<?x?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %in : f32
    linalg.yield %sum : f32
  } -> tensor<?x?xf32>
  iree_tensor_ext.dispatch.tensor.store %r, %1, offsets = [0, 0], sizes = [%m, %n], strides = [1, 1] : tensor<?x?xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<?x?xf32>>{%m, %n}
  return
}

// A tile of each binding, one of its dimensions left out.
// CHECK-LABEL: func.func @tile(
// CHECK-SAME: %[[I:.+]]: index
func.func @tile(%i: index) {
  // CHECK: %[[A:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(0) : memref<4x8x16xf32>
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8x16xf32>>
  // CHECK: %[[C:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(2) : memref<8x16xf32>
  %1 = hal.interface.binding.subspan layout(#layout) binding(2) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<8x16xf32>>
  // CHECK-DAG: %[[TA:.+]] = memref.subview %[[A]][%[[I]], 0, 4] [1, 8, 4] [1, 1, 1] : memref<4x8x16xf32> to memref<8x4xf32, strided<[16, 1], offset: ?>>
  %a = iree_tensor_ext.dispatch.tensor.load %0, offsets = [%i, 0, 4], sizes = [1, 8, 4], strides = [1, 1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8x16xf32>> -> tensor<8x4xf32>
  %empty = tensor.empty() : tensor<8x4xf32>
  // CHECK-DAG: %[[TC:.+]] = memref.subview %[[C]][0, %[[I]]] [8, 4] [1, 1] : memref<8x16xf32> to memref<8x4xf32, strided<[16, 1], offset: ?>>
  // CHECK: linalg.generic {{.+}} ins(%[[TA]] : {{.+}}) outs(%[[TC]] : {{.+}})
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<8x4xf32>) outs(%empty : tensor<8x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %in : f32
    linalg.yield %sum : f32
  } -> tensor<8x4xf32>
  iree_tensor_ext.dispatch.tensor.store %r, %1, offsets = [0, %i], sizes = [8, 4], strides = [1, 1] : tensor<8x4xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<8x16xf32>>
  return
}

// A result that is tied to an argument: accumulated where it is.
// CHECK-LABEL: func.func @accumulate
func.func @accumulate() {
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>>
  // CHECK: %[[C:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(2) : memref<4x4xf32>
  %1 = hal.interface.binding.subspan layout(#layout) binding(2) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  %a = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>> -> tensor<4x4xf32>
  %c = iree_tensor_ext.dispatch.tensor.load %1, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>> -> tensor<4x4xf32>
  // CHECK: linalg.matmul {{.+}} outs(%[[C]] : memref<4x4xf32>)
  %m = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  iree_tensor_ext.dispatch.tensor.store %m, %1, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : tensor<4x4xf32> -> !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  return
}

// Kernels that IREE has configured hold memrefs.
// CHECK-LABEL: func.func @buffers
func.func @buffers() {
  // CHECK: %[[A:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(0) flags(ReadOnly)
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) flags(ReadOnly) : memref<4x4xf32, #hal.descriptor_type<storage_buffer>>
  // CHECK: %[[C:.+]] = hal.interface.binding.subspan layout({{.+}}) binding(2)
  %1 = hal.interface.binding.subspan layout(#layout) binding(2) : memref<4x4xf32, #hal.descriptor_type<storage_buffer>>
  %a = iree_codegen.load_from_buffer %0 : memref<4x4xf32, #hal.descriptor_type<storage_buffer>> -> tensor<4x4xf32>
  %empty = tensor.empty() : tensor<4x4xf32>
  // CHECK: linalg.generic {{.+}} ins(%[[A]] : {{.+}}) outs(%[[C]] : {{.+}})
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %in : f32
    linalg.yield %sum : f32
  } -> tensor<4x4xf32>
  iree_codegen.store_to_buffer %r, %1 : tensor<4x4xf32> into memref<4x4xf32, #hal.descriptor_type<storage_buffer>>
  return
}
