// CUDA kernels of one's own beside compiled ones: two architectures, each with its object; both variants are in the program.
// RUN: rm -rf %t && split-file %S/Inputs/hand-authored.txt %t && cd %t
// RUN: clang-22 -x cuda --cuda-device-only --cuda-gpu-arch=sm_75 -Xclang -target-feature -Xclang +ptx63 -nocudainc -nocudalib -Wno-unknown-cuda-version -include %S/../../../core/abi/include/ropt/cuda.h -O3 -S -o old.ptx kernels.cu
// RUN: clang-22 -x cuda --cuda-device-only --cuda-gpu-arch=sm_80 -Xclang -target-feature -Xclang +ptx70 -nocudainc -nocudalib -Wno-unknown-cuda-version -include %S/../../../core/abi/include/ropt/cuda.h -O3 -S -o new.ptx kernels.cu
// RUN: ropt compile %s --hal-dump-executable-binaries-to=dump -o program.so
// RUN: ropt-run inspect program.so | FileCheck %s
// RUN: grep -c '.target sm_75' dump/hand_kernels_cuda_nvptx_fb.ptx
// RUN: grep -c '.target sm_80' dump/hand_kernels_cuda_nvptx_fb_1.ptx
// RUN: grep -c '// ropt.workgroup negate 128 1 1' dump/hand_kernels_cuda_nvptx_fb_1.ptx
// CHECK: kernels
// CHECK: target_arch = "sm_75"
// CHECK: 0: sum, 1 constants
// CHECK: 1: negate, 1 constants
// CHECK: target_arch = "sm_80"

#old = #hal.executable.target<"cuda", "cuda-nvptx-fb", {target_arch = "sm_75"}>
#new = #hal.executable.target<"cuda", "cuda-nvptx-fb", {target_arch = "sm_80"}>
#device = #hal.device.target<"cuda", [#old, #new]> : !hal.device

module @hand attributes {hal.device.targets = [#device]} {
  hal.executable.source private @kernels attributes {
    objects = #hal.executable.objects<{
      #old = [#hal.executable.object<{path = "old.ptx"}>],
      #new = [#hal.executable.object<{path = "new.ptx"}>]
    }>
  } {
    hal.executable.export public @sum ordinal(0) layout(#hal.pipeline.layout<constants = 1, bindings = [
      #hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer, ReadOnly>,
      #hal.pipeline.binding<storage_buffer>
    ]>) count(%device: !hal.device, %n: index) -> (index, index, index) {
      %x = affine.apply affine_map<()[s0] -> (s0 ceildiv 128)>()[%n]
      %c1 = arith.constant 1 : index
      hal.return %x, %c1, %c1 : index, index, index
    } attributes {workgroup_size = [128 : index, 1 : index, 1 : index]}
    hal.executable.export public @negate ordinal(1) layout(#hal.pipeline.layout<constants = 1, bindings = [
      #hal.pipeline.binding<storage_buffer>
    ]>) count(%device: !hal.device, %n: index) -> (index, index, index) {
      %x = affine.apply affine_map<()[s0] -> (s0 ceildiv 128)>()[%n]
      %c1 = arith.constant 1 : index
      hal.return %x, %c1, %c1 : index, index, index
    } attributes {workgroup_size = [128 : index, 1 : index, 1 : index]}
  }

  func.func @main(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
    %c0 = arith.constant 0 : index
    %n = tensor.dim %a, %c0 : tensor<?xf32>
    %n_i32 = arith.index_cast %n : index to i32
    %0 = flow.dispatch @kernels::@sum[%n](%n_i32, %a, %b) : (i32, tensor<?xf32>{%n}, tensor<?xf32>{%n}) -> tensor<?xf32>{%n}
    %1 = arith.mulf %0, %a : tensor<?xf32>
    %2 = flow.dispatch @kernels::@negate[%n](%n_i32, %1) : (i32, tensor<?xf32>{%n}) -> %1{%n}
    return %2 : tensor<?xf32>
  }
}
