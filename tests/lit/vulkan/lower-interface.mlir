// Bindings become arguments with their numbers, constants a block of words, ids built-in variables.
// RUN: ropt %s --pass-pipeline='builtin.module(vulkan-lower-interface)' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(vulkan-lower-interface{spirv-version=v1.6 cooperative-matrices=f16,bf16})' | FileCheck %s --check-prefix=MATRICES
// RUN: sed 's/() attributes/(%other: f32) attributes/' %s | not ropt - --pass-pipeline='builtin.module(vulkan-lower-interface)' 2>&1 | FileCheck %s --check-prefix=HELPER
// HELPER: error: `@k` is no kernel: it is private, takes arguments or gives results
// HELPER: help: have it inlined into the kernels that call it (`inline`) and dropped (`symbol-dce`)

#layout = #hal.pipeline.layout<constants = 3, bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>

// MATRICES: spirv.target_env = {{.*}}v1.6, [{{.*}}CooperativeMatrixKHR, VulkanMemoryModel, BFloat16TypeKHR, BFloat16CooperativeMatrixKHR], [{{.*}}SPV_KHR_cooperative_matrix, SPV_KHR_bfloat16]
// CHECK: gpu.module @kernels attributes {spirv.target_env = {{.*}}v1.3{{.*}}Vulkan
// CHECK: spirv.GlobalVariable @push_constants : !spirv.ptr<!spirv.struct<(!spirv.array<3 x i32, stride=4> [0]), Block>, PushConstant>
// CHECK: gpu.func @k(%[[B:.*]]: memref<?xf32> {spirv.interface_var_abi = #spirv.interface_var_abi<(0, 1)>}) kernel
// CHECK-SAME: spirv.entry_point_abi = #spirv.entry_point_abi<workgroup_size = [64, 1, 1]>
func.func @k() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
  %n = arith.constant 100 : index
  %b = hal.interface.binding.subspan layout(#layout) binding(1) : memref<?xf32>{%n}
  // CHECK: gpu.block_id y
  %id = hal.interface.workgroup.id[1] : index
  // CHECK: spirv.mlir.addressof @push_constants
  // CHECK: spirv.AccessChain
  %x = hal.interface.constant.load layout(#layout) ordinal(0) : f32
  // CHECK: arith.extui %{{.*}} : i32 to i64
  %y = hal.interface.constant.load layout(#layout) ordinal(1) : i64
  // CHECK: memref.alloca() : memref<4xf32, 6>
  %t = memref.alloca() : memref<4xf32>
  %i = arith.index_cast %y : i64 to index
  memref.store %x, %t[%i] : memref<4xf32>
  memref.store %x, %b[%id] : memref<?xf32>
  // A loop that may not run gives what it was entered with.
  // CHECK: %[[SUM:.*]] = scf.for %{{.*}} = %[[FROM:.*]] to %[[TO:.*]] step
  // CHECK: %[[RUNS:.*]] = arith.cmpi slt, %[[FROM]], %[[TO]]
  // CHECK: %[[CHOSEN:.*]] = arith.select %[[RUNS]], %[[SUM]], %[[X:.*]] : f32
  // CHECK: memref.store %[[CHOSEN]]
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %sum = scf.for %k = %id to %n step %one iter_args(%so_far = %x) -> (f32) {
    %next = arith.addf %so_far, %so_far : f32
    scf.yield %next : f32
  }
  memref.store %sum, %b[%zero] : memref<?xf32>
  // CHECK: scf.for
  // CHECK-NOT: arith.select
  %known = scf.for %k = %zero to %n step %one iter_args(%so_far = %x) -> (f32) {
    %next = arith.addf %so_far, %so_far : f32
    scf.yield %next : f32
  }
  memref.store %known, %b[%one] : memref<?xf32>
  // CHECK: gpu.return
  return
}
