// What kernels may ask of a device: in the target attribute, in the shader, and before the program runs.
// RUN: rm -rf %t && mkdir %t
// RUN: ropt compile %s --target=vulkan-spirv --vulkan-target-env=vulkan1.0 --vulkan-grid=4096 --hal-dump-executable-files-to=%t/old -o %t/old.so
// RUN: ropt-run inspect %t/old.so | FileCheck %s --check-prefix=OLD
// RUN: spirv-val --target-env vulkan1.0 %t/old/module_main_dispatch_0_main_dispatch_0_elementwise_64_f32.spv
// RUN: FileCheck %s --check-prefix=TEXT < %t/old/module_main_dispatch_0_main_dispatch_0_elementwise_64_f32.spvasm
// RUN: spirv-as --target-env spv1.0 %t/old/module_main_dispatch_0_main_dispatch_0_elementwise_64_f32.spvasm -o %t/again.spv && spirv-val --target-env vulkan1.0 %t/again.spv
// RUN: ropt-run run %t/old.so --device=vulkan --input=64xf32=2 | FileCheck %s
// OLD: target #hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb", {grid = 4096 : i64, target_env = "vulkan1.0"}>
// TEXT: ; SPIR-V
// TEXT: OpEntryPoint GLCompute {{.*}} "main_dispatch_0_elementwise_64_f32"
// TEXT: OpDecorate {{.*}} Binding 1
// CHECK: 64xf32=4 4 4

// A program for more than the device has is not begun.
// RUN: ropt compile %s --target=vulkan-spirv --vulkan-workgroup-threads=65536 -o %t/large.so
// RUN: not ropt-run run %t/large.so --device=vulkan --input=64xf32=2 2>&1 | FileCheck %s --check-prefix=LARGE
// LARGE: executable 'main_dispatch_0' has no variant for device 'vulkan
// LARGE: vulkan-spirv-fb for another device (#hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb", {workgroup_threads = 65536 : i64}>)

// RUN: not ropt compile %s --target=vulkan-spirv --vulkan-target-env=vulkan2.0 -o %t/no.so 2>&1 | FileCheck %s --check-prefix=VERSION
// RUN: not ropt compile %s --target=vulkan-spirv --vulkan-workgroup-threads=many -o %t/no.so 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not ropt compile %s --target=vulkan-spirv --vulkan-subgroup-size=24 -o %t/no.so 2>&1 | FileCheck %s --check-prefix=SUBGROUP
// VERSION: error: --vulkan-target-env=vulkan2.0 is no version of Vulkan
// VERSION: the versions are vulkan1.0, vulkan1.1, vulkan1.2, vulkan1.3
// NUMBER: error: --vulkan-workgroup-threads=many is no number from 1 to 65536
// SUBGROUP: error: --vulkan-subgroup-size=24 is no power of two, as subgroups are

func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %0 = arith.addf %a, %a : tensor<64xf32>
  return %0 : tensor<64xf32>
}
