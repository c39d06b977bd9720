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

// -----

// A reduction to one number is a single row.

// CHECK-LABEL: func.func @dot()
// CHECK-SAME: ropt.schedule = "rows", ropt.tiles = {along = array<i64: [[#LONG:]]>
// CHECK-SAME: piece = array<i64: [[#LONG]]>
// CHECK: ropt.reduce
func.func @dot() {
  %x = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>]>) binding(0) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<5000xf32>>
  %y = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>) binding(1) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<f32>>
  %a = iree_tensor_ext.dispatch.tensor.load %x, offsets = [0], sizes = [5000], strides = [1] : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<5000xf32>> -> tensor<5000xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<f32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %sum = linalg.dot ins(%a, %a : tensor<5000xf32>, tensor<5000xf32>) outs(%init : tensor<f32>) -> tensor<f32>
  iree_tensor_ext.dispatch.tensor.store %sum, %y, offsets = [], sizes = [], strides = [] : tensor<f32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<f32>>
  return
}

// -----

// Steps that cannot be merged in any order, and truth values, are split over workgroups and left to LLVM within.

// CHECK-LABEL: func.func @horner()
// CHECK-SAME: ropt.schedule = "elementwise", ropt.tiles = {scalar = array<i64: 1>, workgroup = array<i64: [[#]], 0>}
func.func @horner() {
  %x = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>]>) binding(0) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<700x333xf32>>
  %y = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>) binding(1) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<700xf32>>
  %a = iree_tensor_ext.dispatch.tensor.load %x, offsets = [0, 0], sizes = [700, 333], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<700x333xf32>> -> tensor<700x333xf32>
  %zero = arith.constant 0.0 : f32
  %half = arith.constant 0.5 : f32
  %e = tensor.empty() : tensor<700xf32>
  %init = linalg.fill ins(%zero : f32) outs(%e : tensor<700xf32>) -> tensor<700xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%a : tensor<700x333xf32>) outs(%init : tensor<700xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %scaled = arith.mulf %acc, %half : f32
    %next = arith.addf %scaled, %v : f32
    linalg.yield %next : f32
  } -> tensor<700xf32>
  iree_tensor_ext.dispatch.tensor.store %r, %y, offsets = [0], sizes = [700], strides = [1] : tensor<700xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<700xf32>>
  return
}

// -----

// CHECK-LABEL: func.func @signs()
// CHECK-SAME: ropt.schedule = "elementwise", ropt.tiles = {scalar = array<i64: 1>, workgroup = array<i64: [[#]]>}
func.func @signs() {
  %x = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>]>) binding(0) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<90000xf32>>
  %y = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>) binding(1) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<90000xi1>>
  %a = iree_tensor_ext.dispatch.tensor.load %x, offsets = [0], sizes = [90000], strides = [1] : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<90000xf32>> -> tensor<90000xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<90000xi1>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : tensor<90000xf32>) outs(%e : tensor<90000xi1>) {
  ^bb0(%v: f32, %o: i1):
    %s = arith.cmpf olt, %v, %zero : f32
    linalg.yield %s : i1
  } -> tensor<90000xi1>
  iree_tensor_ext.dispatch.tensor.store %r, %y, offsets = [0], sizes = [90000], strides = [1] : tensor<90000xi1> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<90000xi1>>
  return
}
