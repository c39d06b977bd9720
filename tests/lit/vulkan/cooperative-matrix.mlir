// Products of f16 and bf16 as cooperative matrices, in a variant before the one for every device. A device without them
// (here a software one) takes the other.
// RUN: rm -rf %t && mkdir %t
// RUN: ropt compile %s --target=vulkan-spirv --vulkan-cooperative-matrix=f16,bf16 --hal-dump-executable-files-to=%t/all -o %t/both.so
// RUN: ropt-run inspect %t/both.so | FileCheck %s --check-prefix=BOTH
// RUN: FileCheck %s --check-prefix=TEXT < %t/all/module_main_dispatch_0_vulkan_spirv_fb.spvasm
// RUN: FileCheck %s --check-prefix=BRAIN < %t/all/module_brain_dispatch_0_vulkan_spirv_fb.spvasm
// RUN: FileCheck %s --check-prefix=PLAIN < %t/all/module_main_dispatch_0_vulkan_spirv_fb_1.spvasm
// RUN: %validate --target-env vulkan1.3 %t/all/module_main_dispatch_0_vulkan_spirv_fb.spv
// RUN: %validate --target-env vulkan1.3 %t/all/module_brain_dispatch_0_vulkan_spirv_fb.spv
// RUN: %validate --target-env vulkan1.1 %t/all/module_main_dispatch_0_vulkan_spirv_fb_1.spv
// RUN: ropt-run run %t/both.so --device=vulkan --function=main --input=64x96xf16=1 --input=96x32xf16=0.5 | FileCheck %s
// BOTH: target #hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb", {cooperative_matrix = "f16,bf16", subgroup_size = 32 : i64, target_env = "vulkan1.3", workgroup_threads = 256 : i64}>
// BOTH: target #hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb">
// TEXT: ; Version: 1.6
// TEXT-DAG: OpCapability CooperativeMatrixKHR
// TEXT-DAG: OpCapability VulkanMemoryModel
// TEXT-DAG: OpExtension "SPV_KHR_cooperative_matrix"
// TEXT: OpMemoryModel Logical Vulkan
// TEXT: OpStore {{.*}} NonPrivatePointer
// TEXT: OpCooperativeMatrixLoadKHR {{.*}} NonPrivatePointer
// TEXT: OpCooperativeMatrixMulAddKHR
// TEXT: OpCooperativeMatrixStoreKHR {{.*}} NonPrivatePointer
// BRAIN-DAG: OpCapability BFloat16CooperativeMatrixKHR
// BRAIN-DAG: OpTypeFloat 16 BFloat16KHR
// BRAIN: OpCooperativeMatrixMulAddKHR
// PLAIN: OpMemoryModel Logical GLSL450
// PLAIN-NOT: CooperativeMatrix
// CHECK: 64x32xf32=[48 48 48

// The option says what it takes.
// RUN: not ropt compile %s --target=vulkan-spirv --vulkan-cooperative-matrix=f16,f32 -o %t/no.so 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not ropt compile %s --target=vulkan-spirv --vulkan-cooperative-matrix=f16 --vulkan-subgroup-size=64 -o %t/no.so 2>&1 | FileCheck %s --check-prefix=SIZE
// TYPE: error: --vulkan-cooperative-matrix=f16,f32: there are no cooperative matrices of `f32`
// TYPE: the element types are f16, bf16
// SIZE: error: --vulkan-subgroup-size=64 does not go with --vulkan-cooperative-matrix
// SIZE: cooperative matrices are for subgroups of 32

func.func @main(%a: tensor<64x96xf16>, %b: tensor<96x32xf16>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x96xf16>, tensor<96x32xf16>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}

func.func @brain(%a: tensor<64x96xbf16>, %b: tensor<96x32xbf16>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x96xbf16>, tensor<96x32xbf16>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
