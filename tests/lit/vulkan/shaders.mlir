// What takes a shader's place: GLSL, which is compiled with the export's name; checked before anything is replaced.
// RUN: rm -rf %t && split-file %S/Inputs/shaders.txt %t && cd %t
// RUN: ropt compile %s --target=vulkan-spirv --hal-substitute-executable-object=main_dispatch_0=triple.comp -o triple.so 2>&1 | FileCheck %s --check-prefix=SAID
// RUN: ropt-run run triple.so --device=vulkan --input=64xf32=2 | FileCheck %s
// RUN: mkdir folder && cp triple.comp folder/module_main_dispatch_0.glsl
// RUN: ropt compile %s --target=vulkan-spirv --hal-substitute-executable-objects-from=folder -o folder.so && ropt-run run folder.so --device=vulkan --input=64xf32=2 | FileCheck %s
// SAID-NOT: warning
// SAID: remark: executable @main_dispatch_0 is substituted by `triple.comp`
// CHECK: 64xf32=6 6 6

// RUN: ropt compile %s --target=vulkan-spirv --compile-to=executable-targets -o targets.mlir
// RUN: not ropt targets.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=main_dispatch_0=binding.comp})' -o no.mlir 2>&1 | FileCheck %s --check-prefix=BINDING
// RUN: not ropt targets.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=main_dispatch_0=constants.comp})' -o no.mlir 2>&1 | FileCheck %s --check-prefix=CONSTANTS
// RUN: not ropt compile %s --target=vulkan-spirv --hal-substitute-executable-object=main_dispatch_0=wrong.comp -o no.so 2>&1 | FileCheck %s --check-prefix=WRONG
// RUN: env ROPT_GLSLANG=%t/none not ropt compile %s --target=vulkan-spirv --hal-substitute-executable-object=main_dispatch_0=triple.comp -o no.so 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not ls no.mlir && not ls no.so
// BINDING: error: cannot substitute executable @main_dispatch_0: `binding.comp` uses binding 5 of set 0, which the layout does not have
// BINDING: note: asked for by option substitutions=main_dispatch_0=binding.comp
// BINDING: note: the layout has 2 bindings, numbered from 0, in set 0
// CONSTANTS: `constants.comp` has 12 bytes of push constants, but the layout has 0 constants, 0 bytes
// WRONG: the file does not compile
// WRONG: 'undeclared' : undeclared identifier
// NONE: there is no compiler for GLSL
// NONE: help: install one, or compile it where there is one and give the result: glslangValidator -V --target-env vulkan1.1 -S comp -e main_dispatch_0_elementwise_64_f32 --source-entrypoint main -o triple.spv triple.comp

func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %0 = arith.addf %a, %a : tensor<64xf32>
  return %0 : tensor<64xf32>
}
