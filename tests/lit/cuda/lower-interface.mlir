// Every binding of the layout is a parameter, then every constant; the workgroup is a property of the kernel.
// RUN: ropt %s --pass-pipeline='builtin.module(cuda-lower-interface)' | FileCheck %s
// RUN: sed 's/() attributes/(%other: f32) attributes/' %s | not ropt - --pass-pipeline='builtin.module(cuda-lower-interface)' 2>&1 | FileCheck %s --check-prefix=HELPER
// HELPER: error: `@k` is no kernel: it is private, takes arguments or gives results
// HELPER: help: have it inlined into the kernels that call it (`inline`) and dropped (`symbol-dce`)

#layout = #hal.pipeline.layout<constants = 3, bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>

// CHECK: gpu.module @kernels
// CHECK: gpu.func @k(%{{.*}}: memref<{{[0-9]+}}xf32, 1>, %[[C0:.*]]: i32, %[[C1:.*]]: i32, %[[C2:.*]]: i32) kernel
// CHECK-SAME: known_block_size = array<i32: 64, 1, 1>
func.func @k() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
  %n = arith.constant 100 : index
  %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<?xf32>{%n}
  // CHECK: gpu.block_id y
  %id = hal.interface.workgroup.id[1] : index
  // CHECK: arith.bitcast %[[C0]] : i32 to f32
  %x = hal.interface.constant.load layout(#layout) ordinal(0) : f32
  // CHECK: arith.extui %[[C2]] : i32 to i64
  // CHECK: arith.extui %[[C1]] : i32 to i64
  %y = hal.interface.constant.load layout(#layout) ordinal(1) : i64
  %i = arith.index_cast %y : i64 to index
  %j = arith.addi %i, %id : index
  memref.store %x, %b[%j] : memref<?xf32>
  // CHECK: gpu.return
  return
}
