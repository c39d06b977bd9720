// Shaders of one's own beside compiled kernels: executables that are declared with objects, a result that shares its
// operand's storage, a size as a push constant; the same program without a shader's file is refused.
// RUN: rm -rf %t && split-file %S/Inputs/hand-authored.txt %t && cd %t
// RUN: glslangValidator -V --target-env vulkan1.1 -S comp -o difference.spv difference.comp
// RUN: not ropt compile %s -o no.so 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: glslangValidator -V --target-env vulkan1.1 -S comp -o scale.spv scale.comp
// RUN: ropt compile %s -o program.so
// RUN: ropt-run run program.so --device=vulkan --input=100xf32=7 --input=100xf32=3 --expected-output=100xf32=56
// RUN: cd / && ropt compile %s --hal-executable-object-search-path=%t -o %t/again.so
// RUN: ropt-run run %t/again.so --device=vulkan --input=5xf32=1 --input=5xf32=-1 | FileCheck %s
// MISSING: scale.spv
// CHECK: 5xf32=4 4 4 4 4

#target = #hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb", {
  iree_codegen.target_info = #iree_gpu.target<arch = "", features = "spirv:v1.3,cap:Shader", wgp = <
    compute = fp32|int32, storage = b32, subgroup = none, subgroup_size_choices = [64, 64],
    max_workgroup_sizes = [128, 128, 64], max_thread_count_per_workgroup = 128, max_workgroup_memory_bytes = 16384,
    max_workgroup_counts = [65535, 65535, 65535]>>
}>
#device = #hal.device.target<"vulkan", [#target]> : !hal.device

module @hand attributes {hal.device.targets = [#device]} {
  hal.executable.source private @difference attributes {
    objects = #hal.executable.objects<{#target = [#hal.executable.object<{path = "difference.spv"}>]}>
  } {
    hal.executable.export public @main ordinal(0) layout(#hal.pipeline.layout<constants = 1, bindings = [
      #hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer, ReadOnly>,
      #hal.pipeline.binding<storage_buffer>
    ]>) count(%device: !hal.device, %n: index) -> (index, index, index) {
      %x = affine.apply affine_map<()[s0] -> (s0 ceildiv 32)>()[%n]
      %c1 = arith.constant 1 : index
      hal.return %x, %c1, %c1 : index, index, index
    }
  }

  func.func @main(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
    %c0 = arith.constant 0 : index
    %n = tensor.dim %a, %c0 : tensor<?xf32>
    %n_i32 = arith.index_cast %n : index to i32
    %0 = flow.dispatch @difference::@main[%n](%n_i32, %a, %b) : (i32, tensor<?xf32>{%n}, tensor<?xf32>{%n}) -> tensor<?xf32>{%n}
    %1 = arith.mulf %0, %a : tensor<?xf32>
    %2 = hal.dispatch.extern "main"[%n](%n_i32, %1) : (i32, tensor<?xf32>{%n}) -> %1{%n}
      count(%device: !hal.device, %w: index) -> (index, index, index) {
        %x = affine.apply affine_map<()[s0] -> (s0 ceildiv 32)>()[%w]
        %c1 = arith.constant 1 : index
        hal.return %x, %c1, %c1 : index, index, index
      }
      layout(#hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer>]>)
      objects({#target ordinal(0) = [#hal.executable.object<{path = "scale.spv"}>]})
    return %2 : tensor<?xf32>
  }
}
