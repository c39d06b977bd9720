// The files of a dump have IREE's names; the LLVM IR before and behind LLVM's passes is of one kernel.
// RUN: rm -rf %t && ropt compile %s --target=cuda --cuda-chip=sm_75 -o %t/a.so --hal-dump-executable-files-to=%t/one
// RUN: ls %t/one | FileCheck %s
// CHECK: configured_module_main_dispatch_0.mlir
// CHECK-NEXT: module_main_dispatch_0.mlir
// CHECK-NEXT: module_main_dispatch_0_cuda_nvptx_fb.linked.ll
// CHECK-NEXT: module_main_dispatch_0_cuda_nvptx_fb.nvvm.mlir
// CHECK-NEXT: module_main_dispatch_0_cuda_nvptx_fb.optimized.ll
// CHECK-NEXT: module_main_dispatch_0_cuda_nvptx_fb.ptx
// CHECK-NEXT: module_main_dispatch_0_cuda_nvptx_fb_benchmark.mlir

// RUN: FileCheck %s --check-prefixes=IR < %t/one/module_main_dispatch_0_cuda_nvptx_fb.linked.ll
// RUN: FileCheck %s --check-prefixes=IR < %t/one/module_main_dispatch_0_cuda_nvptx_fb.optimized.ll
// IR: target triple = "nvptx64-nvidia-cuda"
// IR: define ptx_kernel void @main_dispatch_0_elementwise_64_f32(
// The optimized one knows what each pointer may do.
// RUN: not grep -q 'readonly' %t/one/module_main_dispatch_0_cuda_nvptx_fb.linked.ll
// RUN: grep -q 'readonly' %t/one/module_main_dispatch_0_cuda_nvptx_fb.optimized.ll

// RUN: ropt compile %s --target=cuda --cuda-chip=sm_75 -o %t/b.so --hal-substitute-executable-objects-from=%t/one
// RUN: cmp %t/a.so %t/b.so

func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %x : f32
    linalg.yield %s : f32
  } -> tensor<64xf32>
  return %r : tensor<64xf32>
}
