// Passes say what must be true before them and what is true behind them. An order that breaks it is told before the
// run, with the place in the text, the meaning, and where the pass would fit; --strict makes it an error.

// RUN: ropt %s --pass-pipeline='builtin.module(hal-assign-targets{targets=llvm-cpu},hal-form-dispatches)' -o %t 2>&1 | FileCheck %s --check-prefix=EARLY --strict-whitespace
//      EARLY:warning: `hal-assign-targets` stands where what it needs does not hold
// EARLY-NEXT: --> --pass-pipeline:1:16
//      EARLY:1 | builtin.module(hal-assign-targets{targets=llvm-cpu},hal-form-dispatches)
// EARLY-NEXT:  |                ^^^^^^^^^^^^^^^^^^ needs `executables`, which only `hal-form-dispatches` establishes
// EARLY-NEXT:  = note: not true yet here: the program's tensor work is in executables that flow.dispatch ops call
//      EARLY:  = help: `hal-assign-targets` fits behind `hal-form-dispatches`

// RUN: not ropt %s --strict --pass-pipeline='builtin.module(hal-assign-targets{targets=llvm-cpu},hal-form-dispatches)' -o %t.strict 2>&1 | FileCheck %s --check-prefix=STRICT
// STRICT: error: `hal-assign-targets` stands where what it needs does not hold
// RUN: not ls %t.strict

// An alias is the same pass; a pass behind the end of its fact is told where it was still true.
// RUN: ropt %s --pass-pipeline='builtin.module(hal-form-dispatches,hal-assign-targets{targets=llvm-cpu},iree-hal-configure-executables,hal-translate-executables,canonicalize,hal-configure-executables)' -o %t 2>&1 | FileCheck %s --check-prefix=LATE
// LATE: warning: `hal-configure-executables` stands where what it needs does not hold
// LATE: needs `executable-sources`, which `hal-translate-executables` has ended
// LATE: note: no longer true here: kernels are tensor programs, not lowered yet
// LATE: help: `hal-configure-executables` fits before `hal-translate-executables`

// The right order, parts of it, and what `ropt compile` prints are quiet: a fact that nothing in the text establishes
// is taken to hold of the input.
// RUN: ropt %s --pass-pipeline='builtin.module(hal-form-dispatches,hal-assign-targets{targets=llvm-cpu},hal-configure-executables,hal-translate-executables)' -o %t 2>&1 | FileCheck %s --check-prefix=QUIET --allow-empty
// RUN: ropt %s --pass-pipeline='builtin.module(hal-translate-executables)' -o %t 2>&1 | FileCheck %s --check-prefix=QUIET --allow-empty
// RUN: ropt compile %s --target=llvm-cpu -o %t.so --strict 2>&1 | FileCheck %s --check-prefix=QUIET --allow-empty
// QUIET-NOT: warning

// A target's stages have facts of their own.
// RUN: not ropt compile %s --target=llvm-cpu -o %t.so --strict --target-pipeline=llvm-cpu:configure='builtin.module(cpu-select-schedule,cpu-decompose-ops)' 2>&1 | FileCheck %s --check-prefix=STAGE
// STAGE: error: `cpu-select-schedule` stands where what it needs does not hold
// STAGE: --> --target-pipeline=llvm-cpu:configure:1:16
// STAGE: help: `cpu-select-schedule` fits behind `cpu-decompose-ops`

// GPU targets' too, and those that write benchmarks.
// RUN: not ropt compile %s --target=vulkan-spirv -o %t.so --strict --target-pipeline=vulkan-spirv:translate='builtin.module(gpu-flatten-bindings,cpu-materialize-interface,gpu-tile-threads),gpu-distribute-threads,builtin.module(vulkan-lower-interface)' 2>&1 | FileCheck %s --check-prefix=FLAT
// FLAT: error: `gpu-flatten-bindings` stands where what it needs does not hold
// FLAT: needs `memref-bindings`, which only `cpu-materialize-interface` establishes
// FLAT: help: `gpu-flatten-bindings` fits behind `cpu-materialize-interface`
// RUN: not ropt compile %s --target=cuda -o %t.so --strict --target-pipeline=cuda:translate='builtin.module(cpu-materialize-interface,gpu-tile-threads,gpu-flatten-bindings,cuda-lower-interface),gpu-distribute-threads' 2>&1 | FileCheck %s --check-prefix=THREADS
// THREADS: error: `cuda-lower-interface` stands where what it needs does not hold
// THREADS: needs `gpu-threads`, which only `gpu-distribute-threads` establishes
// RUN: ropt compile %s --target=vulkan-spirv,cuda -o %t.so --strict --hal-dump-executable-benchmarks-to=%t.benchmarks 2>&1 | FileCheck %s --check-prefix=QUIET --allow-empty
// RUN: not ropt %s --strict --pass-pipeline='builtin.module(hal-form-dispatches,hal-dump-executable-benchmarks{path=-},hal-assign-targets{targets=llvm-cpu})' 2>&1 | FileCheck %s --check-prefix=BENCHMARKS
// BENCHMARKS: error: `hal-dump-executable-benchmarks` stands where what it needs does not hold
// BENCHMARKS: help: `hal-dump-executable-benchmarks` fits behind `hal-assign-targets`

// RUN: ropt passes show hal-translate-executables | FileCheck %s --check-prefix=SHOW
// SHOW: needs    executable-configurations
// SHOW: makes    executable-targets: kernels are in the low-level dialect of their target
// SHOW: ends     executable-sources

func.func @main(%a: tensor<4x8xf32>, %b: tensor<8x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  %c = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x4xf32>) outs(%init : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %c : tensor<4x4xf32>
}
