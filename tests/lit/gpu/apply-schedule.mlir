// What the schedules make of kernels: workgroups over tiles and rows, threads that share memory, wide loads.
// RUN: rm -rf %t && split-file %s %t
// RUN: ropt compile %t/in.mlir --target=cuda --cuda-chip=sm_90 --compile-to=executable-configurations -o %t/c.mlir
// RUN: FileCheck %s --check-prefix=CHOSEN < %t/c.mlir
// RUN: ropt %t/c.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,canonicalize,cse,gpu-apply-schedule{vector-bytes=16 subgroup=32 unroll=true}))))' | FileCheck %s
// RUN: ropt compile %t/in.mlir --target=vulkan-spirv --compile-to=executable-configurations -o %t/v.mlir
// RUN: ropt %t/v.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,canonicalize,cse,gpu-apply-schedule))))' | FileCheck %s --check-prefix=VULKAN
// RUN: ropt compile %t/in.mlir --target=vulkan-spirv --vulkan-cooperative-matrix=f16,bf16 --compile-to=executable-configurations -o %t/m.mlir
// RUN: ropt %t/m.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,canonicalize,cse,gpu-apply-schedule))))' | FileCheck %s --check-prefix=MATRICES
// RUN: sed 's/subgroup = array<i64: 64, 64>/subgroup = array<i64: 32, 32>/' %t/m.mlir > %t/much.mlir
// RUN: not ropt compile %t/much.mlir -o %t/much.so 2>&1 | FileCheck %s --check-prefix=MUCH
// RUN: ropt compile %t/in.mlir --target=cuda --cuda-chip=sm_90 --hal-dump-executable-binaries-to=%t/ptx -o %t/in.so
// RUN: cat %t/ptx/module_product_dispatch_0_cuda_nvptx_fb.ptx | FileCheck %s --check-prefix=PRODUCT
// RUN: cat %t/ptx/module_narrow_dispatch_0_cuda_nvptx_fb.ptx | FileCheck %s --check-prefix=NARROW
// RUN: cat %t/ptx/module_softmax_dispatch_0_cuda_nvptx_fb.ptx | FileCheck %s --check-prefix=SOFTMAX
// RUN: cat %t/ptx/module_sum_dispatch_0_cuda_nvptx_fb.ptx | FileCheck %s --check-prefix=SUM
// RUN: ropt compile %t/in.mlir --target=cuda --cuda-chip=sm_75 --compile-to=executable-configurations -o - | FileCheck %s --check-prefix=TURING
// RUN: sed 's/thread = array<i64: 4, 4>/thread = array<i64: 8, 4>/' %t/c.mlir > %t/edited.mlir
// RUN: ropt compile %t/edited.mlir --hal-dump-executable-binaries-to=%t/edited -o %t/edited.so
// RUN: FileCheck %s --check-prefix=EDITED < %t/edited/module_product_dispatch_0_cuda_nvptx_fb.ptx
// RUN: cat %t/ptx/module_large_dispatch_0_cuda_nvptx_fb.ptx | FileCheck %s --check-prefix=LARGE
// RUN: ropt %t/misfit.mlir --pass-pipeline='builtin.module(gpu-apply-schedule)' 2>&1 | FileCheck %s --check-prefix=MISFIT

// CHOSEN: func.func @product_dispatch_0_{{.*}} attributes {ropt.schedule = "matmul", ropt.tiles = {buffers = array<i64: 2>, reduction = array<i64: 32>, thread = array<i64: 4, 4>, workgroup = array<i64: 32, 32>}}
// CHOSEN: linalg.matmul {ropt.sink}
// CHOSEN: func.func @narrow_dispatch_0_{{.*}} attributes {ropt.schedule = "tensor-cores", ropt.tiles = {buffers = array<i64: 3>, reduction = array<i64: 32>, subgroup = array<i64: 16, 16>, workgroup = array<i64: 32, 32>}}
// CHOSEN: func.func @softmax_dispatch_0_{{.*}} attributes {ropt.schedule = "rows", ropt.tiles = {threads = array<i64: 64>, vector = array<i64: 4>}}
// CHOSEN: func.func @sum_dispatch_0_{{.*}} attributes {ropt.schedule = "vectors", ropt.tiles = {vector = array<i64: 4>}}

// CHECK: memref.global "private" @[[LEFT:.*]] : memref<2x32x36xf32, 3> = uninitialized {alignment = 16 : i64}
// CHECK: memref.global "private" @[[RIGHT:.*]] : memref<2x32x32xf32, 3> = uninitialized
// CHECK: func.func @product_dispatch_0_{{.*}} attributes {ropt.workgroup_size = array<i64: 64, 1, 1>}
// CHECK-NOT: linalg.matmul
// CHECK: scf.forall (%{{.*}}, %{{.*}}) in (3, 4)
// CHECK: vector.load {{.*}} {alignment = 16 : i64} : memref<96x64xf32>, vector<4xf32>
// CHECK: gpu.barrier
// CHECK: scf.for
// CHECK: vector.fma
// CHECK: vector.store {{.*}} : memref<96x128xf32>, vector<4xf32>
// CHECK: } {ropt.groups}
// CHECK: nvgpu.device_async_copy
// CHECK: nvvm.cp.async.wait.group 1
// CHECK: nvgpu.ldmatrix
// CHECK: nvvm.mma.sync
// CHECK: gpu.shuffle xor

// VULKAN: func.func @product_dispatch_0_{{.*}} attributes {ropt.workgroup_size = array<i64: 64, 1, 1>}
// VULKAN-NOT: vector.
// VULKAN: math.fma
// VULKAN-NOT: nvgpu.
// VULKAN: gpu.subgroup_reduce add

// Operands pass through shared memory as words of 16 bytes, sums as matrices of f32.
// MATRICES: memref.global "private" @[[A:.*]] : memref<2x32x5xvector<4xi32>, 3>
// MATRICES: memref.global "private" @[[B:.*]] : memref<2x32x5xvector<4xi32>, 3>
// MATRICES: memref.global "private" @[[SUMS:.*]] : memref<4x16x16xf32, 3>
// MATRICES: func.func @narrow_dispatch_0_{{.*}} attributes {ropt.matrix_element = "f16", ropt.workgroup_size = array<i64: 128, 1, 1>}
// MATRICES: scf.forall (%{{.*}}, %{{.*}}) in (3, 4)
// MATRICES: gpu.subgroup_id
// MATRICES: vector.load {{.*}} {alignment = 16 : i64} : memref<96x64xf16>, vector<8xf16>
// MATRICES: vector.bitcast {{.*}} : vector<8xf16> to vector<4xi32>
// MATRICES: scf.for
// MATRICES: gpu.subgroup_mma_load_matrix %{{.*}} {leadDimension = 5 : index} : {{.*}} -> !gpu.mma_matrix<16x16xf16, "AOp">
// MATRICES: gpu.subgroup_mma_load_matrix %{{.*}} {leadDimension = 5 : index} : {{.*}} -> !gpu.mma_matrix<16x16xf16, "BOp">
// MATRICES: gpu.subgroup_mma_compute
// MATRICES: gpu.subgroup_mma_store_matrix %{{.*}} {leadDimension = 16 : index} : {{.*}}, memref<4x16x16xf32, 3>
// MATRICES: gpu.barrier
// MATRICES: func.func @large_dispatch_0_{{.*}} attributes {ropt.matrix_element = "bf16"
// MATRICES: vector.load {{.*}} : memref<4096x4096xbf16>, vector<8xbf16>
// MUCH: error: ropt.tiles of the schedule `cooperative-matrices` can not be used: the tiles take at most 48 KiB of shared memory

// PRODUCT: ld.global.v4
// PRODUCT: st.shared
// PRODUCT: bar.sync
// PRODUCT: ld.shared.v4
// PRODUCT: fma.rn.f32
// PRODUCT: st.global.v4
// NARROW: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// NARROW: mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32
// LARGE: .extern .shared .align 16 .b8 large_dispatch_0_{{.*}}_shared[]
// LARGE: cp.async.cg.shared.global
// LARGE: ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16
// LARGE: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// LARGE: // ropt.workgroup large_dispatch_0_{{.*}} 256 1 1
// LARGE: // ropt.shared large_dispatch_0_{{.*}} 156672
// SOFTMAX: ld.global.v4
// SOFTMAX: shfl.sync.bfly
// SOFTMAX: st.global.v4
// SUM: ld.global.v4
// SUM: st.global.v4
// TURING: func.func @narrow_dispatch_0_{{.*}} attributes {ropt.schedule = "matmul"
// EDITED: .maxntid 32, 1, 1
// MISFIT: remark: `k` computes one element a thread: the schedule `matmul` does not fit: it has not one reduction
// MISFIT: func.func @k() attributes {ropt.schedule = "elements"}

//--- in.mlir
func.func @product(%a: tensor<96x64xf32>, %b: tensor<64x128xf32>) -> tensor<96x128xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<96x128xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<96x128xf32>) -> tensor<96x128xf32>
  %c = linalg.matmul ins(%a, %b : tensor<96x64xf32>, tensor<64x128xf32>) outs(%init : tensor<96x128xf32>) -> tensor<96x128xf32>
  return %c : tensor<96x128xf32>
}
func.func @narrow(%a: tensor<96x64xf16>, %b: tensor<64x128xf16>) -> tensor<96x128xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<96x128xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<96x128xf32>) -> tensor<96x128xf32>
  %c = linalg.matmul ins(%a, %b : tensor<96x64xf16>, tensor<64x128xf16>) outs(%init : tensor<96x128xf32>) -> tensor<96x128xf32>
  return %c : tensor<96x128xf32>
}
func.func @large(%a: tensor<4096x4096xbf16>, %b: tensor<4096x4096xbf16>) -> tensor<4096x4096xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4096x4096xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  %c = linalg.matmul ins(%a, %b : tensor<4096x4096xbf16>, tensor<4096x4096xbf16>) outs(%init : tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  return %c : tensor<4096x4096xf32>
}
func.func @softmax(%x: tensor<10x1024xf32>) -> tensor<10x1024xf32> {
  %e = tensor.empty() : tensor<10x1024xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<10x1024xf32>) outs(%e : tensor<10x1024xf32>) -> tensor<10x1024xf32>
  return %y : tensor<10x1024xf32>
}
func.func @sum(%x: tensor<7x64xf32>, %y: tensor<64xf32>) -> tensor<7x64xf32> {
  %e = tensor.empty() : tensor<7x64xf32>
  %z = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<7x64xf32>, tensor<64xf32>) outs(%e : tensor<7x64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<7x64xf32>
  return %z : tensor<7x64xf32>
}

//--- misfit.mlir
func.func @k() attributes {ropt.schedule = "matmul", ropt.tiles = {buffers = array<i64: 1>, reduction = array<i64: 16>, thread = array<i64: 4, 4>, workgroup = array<i64: 32, 32>}} {
  %c0 = arith.constant 0 : index
  %0 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>) binding(0) alignment(64) offset(%c0) : memref<64xf32>
  %1 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>) binding(1) alignment(64) offset(%c0) : memref<64xf32>
  %2 = bufferization.to_tensor %0 restrict : memref<64xf32> to tensor<64xf32>
  %3 = tensor.empty() : tensor<64xf32>
  %4 = linalg.exp {ropt.sink} ins(%2 : tensor<64xf32>) outs(%3 : tensor<64xf32>) -> tensor<64xf32>
  bufferization.materialize_in_destination %4 in restrict writable %1 : (tensor<64xf32>, memref<64xf32>) -> ()
  return
}
