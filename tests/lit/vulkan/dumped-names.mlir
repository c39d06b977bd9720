// The files of a dump have IREE's names: SPIR-V by its export. With two variants for Vulkan they go by the variant.
// RUN: rm -rf %t && ropt compile %s --target=vulkan-spirv -o %t/a.so --hal-dump-executable-files-to=%t/one
// RUN: ls %t/one | FileCheck %s
// CHECK: configured_module_main_dispatch_0.mlir
// CHECK-NEXT: module_main_dispatch_0.mlir
// CHECK-NEXT: module_main_dispatch_0_main_dispatch_0_elementwise_64_f32.spirv.mlir
// CHECK-NEXT: module_main_dispatch_0_main_dispatch_0_elementwise_64_f32.spv
// CHECK-NEXT: module_main_dispatch_0_main_dispatch_0_elementwise_64_f32.spvasm
// CHECK-NEXT: module_main_dispatch_0_vulkan_spirv_fb_benchmark.mlir

// RUN: ropt compile %s --target=vulkan-spirv -o %t/b.so --hal-substitute-executable-objects-from=%t/one 2>&1 | FileCheck %s --check-prefix=BACK
// BACK: remark: variant @vulkan_spirv_fb of executable @main_dispatch_0 is substituted by `{{.*}}main_dispatch_0_elementwise_64_f32.spv`
// RUN: cmp %t/a.so %t/b.so

// RUN: sed 's/^module/module attributes {hal.device.targets = [#old, #new]}/' %s > %t/two.mlir
// RUN: ropt compile %t/two.mlir -o %t/c.so --hal-dump-executable-binaries-to=%t/two
// RUN: ls %t/two | FileCheck %s --check-prefix=TWO
// TWO: module_main_dispatch_0_vulkan_spirv_fb.spv
// TWO-NEXT: module_main_dispatch_0_vulkan_spirv_fb_{{.*}}.spv
// RUN: ropt compile %t/two.mlir -o %t/d.so --hal-substitute-executable-objects-from=%t/two
// RUN: cmp %t/c.so %t/d.so

#old = #hal.device.target<"vulkan", [#hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb", {vulkan_target_env = "vulkan1.0"}>]> : !hal.device
#new = #hal.device.target<"vulkan", [#hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb", {vulkan_target_env = "vulkan1.1"}>]> : !hal.device
module {
  func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
    %e = tensor.empty() : tensor<64xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : tensor<64xf32>) outs(%e : tensor<64xf32>) {
    ^bb0(%x: f32, %y: f32):
      %s = arith.addf %x, %x : f32
      linalg.yield %s : f32
    } -> tensor<64xf32>
    return %r : tensor<64xf32>
  }
}
