// A shader written by hand takes a kernel's place; one with another entry point is refused with both names, and so is one
// whose workgroups are not those that the grid counts.
// RUN: glslangValidator -V --target-env vulkan1.1 -e main_dispatch_0_elementwise_64_f32 --source-entrypoint main -o %t.spv %S/Inputs/scale.comp
// RUN: ropt compile %s --target=vulkan-spirv --hal-substitute-executable-object=main_dispatch_0=%t.spv -o %t.so
// RUN: ropt-run run %t.so --device=vulkan --function=main --input=64xf32=2 | FileCheck %s
// RUN: ropt compile %s --target=vulkan-spirv -o %t.own.so && ropt-run run %t.own.so --device=vulkan --function=main --input=64xf32=2 | FileCheck %s --check-prefix=OWN
// RUN: glslangValidator -V --target-env vulkan1.1 -e other --source-entrypoint main -o %t.other.spv %S/Inputs/scale.comp
// RUN: not ropt compile %s --target=vulkan-spirv --hal-substitute-executable-object=main_dispatch_0=%t.other.spv -o %t.no.so 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: glslangValidator -V --target-env vulkan1.1 -DSIZE=32 -e main_dispatch_0_elementwise_64_f32 --source-entrypoint main -o %t.small.spv %S/Inputs/scale.comp
// RUN: not ropt compile %s --target=vulkan-spirv --hal-substitute-executable-object=main_dispatch_0=%t.small.spv -o %t.no.so 2>&1 | FileCheck %s --check-prefix=SMALL
// RUN: not test -e %t.no.so

// CHECK: 64xf32=6 6 6
// OWN: 64xf32=4 4 4
// OTHER: error:
// OTHER-SAME: has no entry point `main_dispatch_0_elementwise_64_f32`
// OTHER: its entry points: other
// SMALL: error:
// SMALL-SAME: has workgroups of 32×1×1 threads, but the program's grid counts workgroups of 64×1×1
// SMALL: help: declare layout(local_size_x = 64, local_size_y = 1, local_size_z = 1)

func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %0 = arith.addf %a, %a : tensor<64xf32>
  return %0 : tensor<64xf32>
}
