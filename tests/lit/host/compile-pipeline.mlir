// The pipeline that `ropt compile` prints is a text that opt mode runs, with the same result.

// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-targets -o %t.compiled
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-targets --print-pipeline > %t.pipeline
// RUN: xargs -I{} ropt %s --pass-pipeline={} -o %t.opt < %t.pipeline
// RUN: diff %t.compiled %t.opt
// RUN: FileCheck %s < %t.pipeline
// CHECK: builtin.module({{.*}}hal-form-dispatches,hal-assign-targets{targets=llvm-cpu{{.*}}x86-64-v3{{.*}}hal-configure-executables{{.*}}hal-translate-executables

// RUN: ropt compile %s --iree-hal-target-backends=llvm-cpu --iree-compile-to=executable-sources | FileCheck %s --check-prefix=IREE
// RUN: ropt compile %s --iree-hal-target-device=local --iree-hal-local-target-device-backends=llvm-cpu --iree-llvmcpu-target-cpu=host --compile-to=executable-sources | FileCheck %s --check-prefix=IREE
// IREE: hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64"

// RUN: not ropt compile %s --target=llvm-cpu --compile-from=executable-sources --hal-dump-executable-sources-to=%t.d -o %t.so 2>&1 | FileCheck %s --check-prefix=PAST
// PAST: error: --hal-dump-executable-sources-to has no effect: its phase, executable-sources, is past

// RUN: not ropt compile %s --iree-hal-memoization 2>&1 | FileCheck %s --check-prefix=REFUSED
// REFUSED: error: --iree-hal-memoization is a flag of iree-compile that ropt does not have

func.func @main(%a: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %r = math.exp %a : tensor<8x4xf32>
  return %r : tensor<8x4xf32>
}
