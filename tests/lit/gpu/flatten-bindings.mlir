// Bindings lose their shape: one number finds an element.
// RUN: ropt %s --pass-pipeline='builtin.module(gpu-flatten-bindings,canonicalize,cse)' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(gpu-flatten-bindings{words=true},canonicalize,cse)' | FileCheck %s --check-prefix=WORDS

#layout = #hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>

// CHECK-LABEL: func.func @two
func.func @two(%i: index, %j: index, %n: index) -> index {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  // CHECK: %[[A:.*]] = hal.interface.binding.subspan {{.*}} binding(0){{.*}} : memref<?xf32>
  %a = hal.interface.binding.subspan layout(#layout) binding(0) offset(%c64) : memref<?x32xf32>{%n}
  // CHECK: %[[B:.*]] = hal.interface.binding.subspan {{.*}} binding(1){{.*}} : memref<?xbf16>
  %b = hal.interface.binding.subspan layout(#layout) binding(1) offset(%c0) : memref<8x4xbf16>
  // CHECK: %[[ROW:.*]] = arith.muli %arg0, %c32
  // CHECK: %[[MOVED:.*]] = arith.addi %[[ROW]], %c16
  // CHECK: %[[PLACE:.*]] = arith.addi %[[MOVED]], %arg1
  // CHECK: memref.load %[[A]][%[[PLACE]]]
  %x = memref.load %a[%i, %j] : memref<?x32xf32>
  %y = arith.truncf %x : f32 to bf16
  // CHECK: memref.store %{{.*}}, %[[B]]
  memref.store %y, %b[%i, %j] : memref<8x4xbf16>
  // CHECK: return %arg2
  %d = memref.dim %a, %c0 : memref<?x32xf32>
  return %d : index
}

// Sixteen bytes at once are read as a word, from a second view of the binding.
// WORDS-LABEL: func.func @wide
// WORDS: %[[WORDS:.*]] = hal.interface.binding.subspan {{.*}} binding(0){{.*}} : memref<?xvector<4xi32>>
// WORDS: %[[COLUMN:.*]] = arith.divui %arg1, %c8
// WORDS: %[[ROW:.*]] = arith.muli %arg0, %c4
// WORDS: %[[PLACE:.*]] = arith.addi %[[COLUMN]], %[[ROW]]
// WORDS: memref.load %[[WORDS]][%[[PLACE]]] : memref<?xvector<4xi32>>
func.func @wide(%i: index, %j: index) -> vector<8xf16> {
  %c0 = arith.constant 0 : index
  %a = hal.interface.binding.subspan layout(#layout) binding(0) offset(%c0) : memref<64x32xf16>
  %x = vector.load %a[%i, %j] {alignment = 16 : i64} : memref<64x32xf16>, vector<8xf16>
  return %x : vector<8xf16>
}
