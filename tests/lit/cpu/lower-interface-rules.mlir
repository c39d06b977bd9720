// RUN: ropt %s --pass-pipeline='builtin.module(cpu-lower-interface)' | FileCheck %s

#layout = #hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>

// CHECK-LABEL: func.func private @k__body
// CHECK-SAME: %[[A:.*]]: !llvm.ptr {llvm.noalias, llvm.noundef}, %[[B:[a-z0-9]+]]: !llvm.ptr {llvm.noalias, llvm.noundef}
// CHECK: builtin.unrealized_conversion_cast %{{.*}} : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)> to memref<?xf32>
// A binding shorter than what the kernel takes of it (byte 40 of the state) ends the kernel with its number.
// CHECK: llvm.getelementptr %{{.*}}[40]
// CHECK: %[[SHORT:.*]] = arith.cmpi ugt, %{{.*}}, %{{.*}} : i64
// CHECK: %[[SECOND:.*]] = arith.constant 1526726657 : i32
// CHECK: %[[EITHER:.*]] = arith.select %{{.*}}, %[[SECOND]], %{{.*}} : i32
// CHECK: %[[FITS:.*]] = arith.cmpi eq, %[[EITHER]], %{{.*}} : i32
// CHECK: cf.cond_br %[[FITS]], ^[[REST:.*]], ^[[EARLY:.*]]
// CHECK-NOT: hal.interface
// CHECK: ^[[REST]]:
// CHECK: memref.copy
// CHECK: ^[[EARLY]]:
// CHECK-NEXT: return %[[EITHER]] : i32

// The exported function reads binding_ptrs (byte 32 of the dispatch state) and calls the body.
// CHECK-LABEL: func.func @k(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[STATE:.*]]: !llvm.ptr, %[[GROUP:.*]]: !llvm.ptr) -> i32
// CHECK: llvm.getelementptr %[[STATE]][32]
// CHECK: %[[CODE:.*]] = call @k__body(
// CHECK-NEXT: return %[[CODE]] : i32
func.func @k() {
  %w = hal.interface.constant.load layout(#layout) ordinal(1) : i32
  %n = arith.index_castui %w : i32 to index
  %id = hal.interface.workgroup.id[2] : index
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xf32>{%n}
  %1 = hal.interface.binding.subspan layout(#layout) binding(1) offset(%id) : memref<?xf32>{%n}
  memref.copy %0, %1 : memref<?xf32> to memref<?xf32>
  return
}
