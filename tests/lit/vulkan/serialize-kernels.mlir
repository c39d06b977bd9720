// A kernel becomes one valid SPIR-V module with the export as its entry point.
// RUN: rm -rf %t && ropt compile %s --target=vulkan-spirv --hal-dump-executable-binaries-to=%t --hal-dump-executable-intermediates-to=%t -o %t.so
// RUN: spirv-val --target-env vulkan1.1 %t/module_main_dispatch_0_main_dispatch_0_matmul_64x32x128_f32.spv
// RUN: spirv-dis %t/module_main_dispatch_0_main_dispatch_0_matmul_64x32x128_f32.spv | FileCheck %s
// RUN: FileCheck %s --check-prefix=TEXT < %t/module_main_dispatch_0_main_dispatch_0_matmul_64x32x128_f32.spirv.mlir
// RUN: ropt-run inspect %t.so | FileCheck %s --check-prefix=INSPECT

// CHECK: OpEntryPoint GLCompute %main_dispatch_0_matmul_64x32x128_f32 "main_dispatch_0_matmul_64x32x128_f32"
// CHECK: OpExecutionMode %main_dispatch_0_matmul_64x32x128_f32 LocalSize 64 1 1
// CHECK-DAG: Binding 0
// CHECK-DAG: Binding 2
// TEXT: spirv.module
// INSPECT: vulkan_spirv_fb (vulkan-spirv, vulkan-spirv-fb

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
