// --target-pipeline puts the user's text in the place of a target's stage, in `ropt compile` and by a pass option.

// RUN: ropt compile %s --target=llvm-cpu -o %t.so --target-pipeline=cpu:configure='builtin.module(cpu-decompose-ops)' --dump-compilation-phases-to=%t.phases
// RUN: FileCheck %s --check-prefix=UNSCHEDULED < %t.phases/*executable-configurations.mlir
// UNSCHEDULED-NOT: ropt.schedule
// RUN: ropt compile %s --target=llvm-cpu --compile-to=executable-configurations | FileCheck %s --check-prefix=SCHEDULED
// SCHEDULED: ropt.schedule

// The printed pipeline holds it; commas, braces and spaces survive.
// RUN: ropt compile %s --target=llvm-cpu -o %t.so --print-pipeline --target-pipeline=cpu:configure='builtin.module(cpu-decompose-ops),builtin.module(func.func(affine-loop-fusion{maximal=true mode=greedy}))' > %t.pipeline
// RUN: FileCheck %s --check-prefix=PRINTED < %t.pipeline
// PRINTED: hal-compile-executables{configure=true configure-pipelines={"llvm-cpu:builtin.module(cpu-decompose-ops),builtin.module({{.*}}mode=greedy}))"

// RUN: ropt compile %s --target=llvm-cpu --compile-to=executable-sources -o %t.sources
// RUN: ropt %t.sources --pass-pipeline="builtin.module(hal-configure-executables{target-pipelines={'llvm-cpu:builtin.module(cpu-decompose-ops)'}})" | FileCheck %s --check-prefix=UNSCHEDULED

// RUN: ropt targets show llvm-cpu | FileCheck %s --check-prefix=STAGES
// STAGES: stage configure
// STAGES: builtin.module(cpu-decompose-ops,cpu-select-schedule)
// STAGES: stage translate

// Mistakes are shown before anything runs.
// RUN: not ropt compile %s -o %t.no --target=llvm-cpu --target-pipeline=llvm-cpo:configure='builtin.module(cse)' 2>&1 | FileCheck %s --check-prefix=NEAR
// NEAR: error: --target-pipeline: no target `llvm-cpo`
// NEAR: help: did you mean `llvm-cpu`?
// RUN: not ropt compile %s -o %t.no --target=llvm-cpu --target-pipeline=llvm-cpu:tranlate='builtin.module(cse)' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: --target-pipeline: target `llvm-cpu` has no stage `tranlate`
// UNKNOWN: help: did you mean `translate`?
// RUN: not ropt compile %s -o %t.no --target=llvm-cpu --target-pipeline=llvm-cpu:translate='builtin.module(cse,canonicalise)' 2>&1 | FileCheck %s --check-prefix=PASS --strict-whitespace
//      PASS:error: unknown pass `canonicalise`
// PASS-NEXT: --> --target-pipeline=llvm-cpu:translate:1:20
//      PASS:1 | builtin.module(cse,canonicalise)
// PASS-NEXT:  |                    ^^^^^^^^^^^^ no pass of that name
// RUN: not ropt compile %s -o %t.no --target=llvm-cpu --target-pipeline=llvm-cpu:translate='hal.executable.variant(cse)' 2>&1 | FileCheck %s --check-prefix=NEST
// NEST: error: the pipeline runs on a `hal.executable.variant` already
// RUN: not ropt compile %s -o %t.no --target=llvm-cpu --target-pipeline=translate 2>&1 | FileCheck %s --check-prefix=FORM
// FORM: error: --target-pipeline=translate is not TARGET:STAGE=PIPELINE
// RUN: not ropt compile %s --target=llvm-cpu --compile-to=executable-sources --target-pipeline=llvm-cpu:translate='builtin.module(cse)' 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: --target-pipeline=llvm-cpu:translate=builtin.module(cse) has no effect
// RUN: not ls %t.no

// In a pass option the mistake is shown by the pass.
// RUN: not ropt %t.sources --pass-pipeline="builtin.module(hal-configure-executables{target-pipelines={'llvm-cpu:builtin.module(cee)'}})" -o %t.no 2>&1 | FileCheck %s --check-prefix=OPTION
// OPTION: error: the pipeline of hal-run-target-stage has a mistake
// OPTION: unknown pass `cee`
// OPTION: builtin.module(cee)
// RUN: not ropt %t.sources --pass-pipeline="builtin.module(hal-configure-executables{target-pipelines={'nope:builtin.module(cse)'}})" -o %t.no 2>&1 | FileCheck %s --check-prefix=NOPE
// NOPE: error: target-pipelines: no target `nope`

func.func @main(%a: tensor<4x8xf32>, %b: tensor<8x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  %c = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x4xf32>) outs(%init : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %c : tensor<4x4xf32>
}
