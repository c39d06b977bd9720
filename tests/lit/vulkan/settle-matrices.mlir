// What lies in a workgroup's memory is not private, barriers make it visible, and matrices of bf16 are such.
// RUN: ropt %s --pass-pipeline='builtin.module(spirv.module(vulkan-settle-matrices))' | FileCheck %s

// CHECK: spirv.module @half Logical Vulkan requires #spirv.vce<v1.6, [Shader, CooperativeMatrixKHR, GroupNonUniform, VulkanMemoryModel], [SPV_KHR_cooperative_matrix, SPV_KHR_vulkan_memory_model]>
spirv.module @half Logical GLSL450 requires #spirv.vce<v1.6, [Shader, CooperativeMatrixKHR], [SPV_KHR_cooperative_matrix]> {
  spirv.GlobalVariable @tile : !spirv.ptr<!spirv.struct<(!spirv.array<256 x f32>)>, Workgroup>
  spirv.func @k(%out: !spirv.ptr<f32, StorageBuffer>) "None" {
    %zero = spirv.Constant 0 : i32
    %n = spirv.Constant 16 : i32
    %tile = spirv.mlir.addressof @tile : !spirv.ptr<!spirv.struct<(!spirv.array<256 x f32>)>, Workgroup>
    %p = spirv.AccessChain %tile[%zero, %zero] : !spirv.ptr<!spirv.struct<(!spirv.array<256 x f32>)>, Workgroup>, i32, i32 -> !spirv.ptr<f32, Workgroup>
    // CHECK: spirv.Load "Workgroup" %{{.*}} ["NonPrivatePointer"] : f32
    %x = spirv.Load "Workgroup" %p : f32
    // CHECK: spirv.Store "StorageBuffer" %{{[^"]*}} : f32
    spirv.Store "StorageBuffer" %out, %x : f32
    // CHECK: spirv.ControlBarrier <Workgroup>, <Workgroup>, <AcquireRelease|WorkgroupMemory|MakeAvailable|MakeVisible>
    spirv.ControlBarrier <Workgroup>, <Workgroup>, <AcquireRelease|WorkgroupMemory>
    // CHECK: spirv.KHR.CooperativeMatrixLoad %{{.*}}, <RowMajor>, <NonPrivatePointer> : {{.*}} -> !spirv.coopmatrix<16x16xf16, Subgroup, MatrixA>
    %m = spirv.KHR.CooperativeMatrixLoad %p, %n, <RowMajor> : !spirv.ptr<f32, Workgroup>, i32 -> !spirv.coopmatrix<16x16xf16, Subgroup, MatrixA>
    spirv.Return
  }
}

// CHECK: spirv.module @brain Logical Vulkan requires #spirv.vce<v1.6, [Shader, CooperativeMatrixKHR, GroupNonUniform, VulkanMemoryModel, BFloat16TypeKHR, BFloat16CooperativeMatrixKHR], [SPV_KHR_cooperative_matrix, SPV_KHR_vulkan_memory_model, SPV_KHR_bfloat16]>
spirv.module @brain Logical GLSL450 requires #spirv.vce<v1.6, [Shader, CooperativeMatrixKHR], [SPV_KHR_cooperative_matrix]> {
  // CHECK: spirv.func @k
  // CHECK-NOT: ropt.matrix_element
  spirv.func @k(%p: !spirv.ptr<vector<4xi32>, StorageBuffer>) "None" attributes {ropt.matrix_element = "bf16"} {
    %n = spirv.Constant 2 : i32
    // CHECK: spirv.KHR.CooperativeMatrixLoad %{{.*}}, <RowMajor> : {{.*}} -> !spirv.coopmatrix<16x16xbf16, Subgroup, MatrixA>
    %m = spirv.KHR.CooperativeMatrixLoad %p, %n, <RowMajor> : !spirv.ptr<vector<4xi32>, StorageBuffer>, i32 -> !spirv.coopmatrix<16x16xf16, Subgroup, MatrixA>
    spirv.Return
  }
}

// A module without matrices stays with its memory model.
// CHECK: spirv.module @none Logical GLSL450 requires #spirv.vce<v1.6, [Shader], []>
spirv.module @none Logical GLSL450 requires #spirv.vce<v1.0, [Shader], []> {
}
