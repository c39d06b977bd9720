// The benchmark holds the executable as the program gets it: substituted, configured, and with objects.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %s p.mlir
// RUN: ropt compile p.mlir --target=llvm-cpu --compile-to=executable-targets -o ir.mlir --iree-hal-dump-executable-benchmarks-to=configured
// RUN: FileCheck %s --check-prefix=CONFIGURED < configured/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir
// CONFIGURED: ropt.schedule = "elementwise"
// CONFIGURED: ropt.benchmark

// Anywhere in a pipeline, too: before configuration it is the source.
// RUN: ropt p.mlir --pass-pipeline='builtin.module(hal-form-dispatches,hal-assign-targets{targets=llvm-cpu},iree-hal-dump-executable-benchmarks{path=source})' -o sources.mlir
// RUN: FileCheck %s --check-prefix=SOURCE < source/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir
// SOURCE-NOT: ropt.schedule
// SOURCE: ropt.benchmark

// An object that is substituted in the same run is in the file, whose kernel then adds 40 and not 1. The input is the
// one that the plain benchmark has.
// RUN: printf '#include <ropt/kernel.h>\nROPT_KERNEL(main_dispatch_0_elementwise_8_f32) {\n  const float *in = ROPT_BINDING(const float, 0);\n  float *out = ROPT_BINDING(float, 1);\n  for (int i = 0; i < 8; ++i) out[i] = in[i] + 40;\n  return 0;\n}\n' > k.c
// RUN: ropt compile p.mlir --target=llvm-cpu -o p.so --hal-substitute-executable-object=main_dispatch_0=k.c --hal-dump-executable-benchmarks-to=object 2>&1 | FileCheck %s --check-prefix=SAID
// SAID: remark: executable @main_dispatch_0 is substituted by `k.c`
// RUN: FileCheck %s --check-prefix=OBJECT < object/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir
// OBJECT: objects([#hal.executable.object<{path = "k.o"
// OBJECT: ropt.benchmark
// RUN: ropt compile configured/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir -o configured.so
// RUN: ropt compile source/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir -o source.so
// RUN: ropt compile object/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir -o object.so
// RUN: ropt-run run source.so --function=main_dispatch_0_embedded_elf_x86_64_main_dispatch_0_elementwise_8_f32 --input=3 | FileCheck %s --check-prefix=PLAIN
// RUN: ropt-run run configured.so --function=main_dispatch_0_embedded_elf_x86_64_main_dispatch_0_elementwise_8_f32 --input=1 | FileCheck %s --check-prefix=PLAIN
// RUN: ropt-run run object.so --function=main_dispatch_0_embedded_elf_x86_64_main_dispatch_0_elementwise_8_f32 --input=2 | FileCheck %s --check-prefix=OURS
// PLAIN: 8xf32=2.07812 1.90625
// OURS: 8xf32=41.0781 40.9062

// From a later phase on, the configured kernels that were not seen are written as well.
// RUN: ropt compile p.mlir --target=llvm-cpu --compile-to=executable-configurations -o c.mlir
// RUN: ropt compile c.mlir --compile-from=executable-configurations --compile-to=executable-targets --hal-dump-executable-benchmarks-to=resumed -o ir.mlir
// RUN: FileCheck %s --check-prefix=RESUMED < resumed/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir
// RESUMED: llvm.func
// RESUMED: ropt.benchmark
// RUN: not ropt compile ir.mlir --compile-from=executable-targets --hal-dump-executable-benchmarks-to=late -o p.so 2>&1 | FileCheck %s --check-prefix=LATE
// LATE: error: --hal-dump-executable-benchmarks-to has no effect: its phase, executable-targets, is past

// The short way. A benchmark file, one executable of a program, all of them; mistakes.
// RUN: ropt bench configured/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir -- --min-time=0.01 | FileCheck %s --check-prefix=BENCH
// RUN: ropt bench p.mlir --target=llvm-cpu --executable=main_dispatch_0 -- --min-time=0.01 | FileCheck %s --check-prefix=BENCH
// RUN: ropt bench p.mlir --target=llvm-cpu -- --min-time=0.01 | FileCheck %s --check-prefix=BENCH
// BENCH: main_dispatch_0
// RUN: not ropt bench p.mlir --target=llvm-cpu --executable=main_dispatch_1 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: there is no executable `main_dispatch_1` to measure
// NAME: help: did you mean `main_dispatch_0`?
// RUN: not ropt bench missing.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: missing.mlir
// RUN: not ropt bench configured/module_main_dispatch_0_embedded_elf_x86_64_benchmark.mlir --executable=x 2>&1 | FileCheck %s --check-prefix=BOTH
// BOTH: error: --executable chooses from a program
// RUN: ropt bench --help | FileCheck %s --check-prefix=HELP
// HELP: Usage: ropt bench

#map = affine_map<(i) -> (i)>
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %one : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
