// A run goes on from the dump of each phase, to each later one, and does what the whole run does.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %s prog.mlir
// RUN: ropt compile prog.mlir --target=llvm-cpu -o whole.so --dump-compilation-phases-to=p

// Every pair of phases: what is dumped behind the later one is the very text of the whole run.
// RUN: ropt compile p/prog.1.input.mlir --compile-from=input --target=llvm-cpu -o 1.so --dump-compilation-phases-to=from1
// RUN: diff p/prog.2.executable-sources.mlir from1/prog.2.executable-sources.mlir
// RUN: diff p/prog.3.executable-configurations.mlir from1/prog.3.executable-configurations.mlir
// RUN: diff p/prog.4.executable-targets.mlir from1/prog.4.executable-targets.mlir
// RUN: diff p/prog.5.executable-binaries.mlir from1/prog.5.executable-binaries.mlir
// RUN: diff p/prog.6.end.mlir from1/prog.6.end.mlir
// RUN: ropt-run run 1.so --function=main --input=4x8xf32=2 --input=8x4xf32=3 | FileCheck %s --check-prefix=RESULT
// RUN: ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-sources -o 2.so --dump-compilation-phases-to=from2
// RUN: diff p/prog.3.executable-configurations.mlir from2/prog.3.executable-configurations.mlir
// RUN: diff p/prog.4.executable-targets.mlir from2/prog.4.executable-targets.mlir
// RUN: diff p/prog.5.executable-binaries.mlir from2/prog.5.executable-binaries.mlir
// RUN: diff p/prog.6.end.mlir from2/prog.6.end.mlir
// RUN: ropt-run run 2.so --function=main --input=4x8xf32=2 --input=8x4xf32=3 | FileCheck %s --check-prefix=RESULT
// RUN: ropt compile p/prog.3.executable-configurations.mlir --compile-from=executable-configurations -o 3.so --dump-compilation-phases-to=from3
// RUN: diff p/prog.4.executable-targets.mlir from3/prog.4.executable-targets.mlir
// RUN: diff p/prog.5.executable-binaries.mlir from3/prog.5.executable-binaries.mlir
// RUN: diff p/prog.6.end.mlir from3/prog.6.end.mlir
// RUN: ropt-run run 3.so --function=main --input=4x8xf32=2 --input=8x4xf32=3 | FileCheck %s --check-prefix=RESULT
// RUN: ropt compile p/prog.4.executable-targets.mlir --compile-from=executable-targets -o 4.so --dump-compilation-phases-to=from4
// RUN: diff p/prog.5.executable-binaries.mlir from4/prog.5.executable-binaries.mlir
// RUN: diff p/prog.6.end.mlir from4/prog.6.end.mlir
// RUN: ropt-run run 4.so --function=main --input=4x8xf32=2 --input=8x4xf32=3 | FileCheck %s --check-prefix=RESULT
// RUN: ropt compile p/prog.5.executable-binaries.mlir --compile-from=executable-binaries -o 5.so --dump-compilation-phases-to=from5
// RUN: diff p/prog.6.end.mlir from5/prog.6.end.mlir
// RUN: ropt-run run 5.so --function=main --input=4x8xf32=2 --input=8x4xf32=3 | FileCheck %s --check-prefix=RESULT
// RUN: ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-sources --compile-to=executable-targets -o 2to4.mlir
// RUN: ropt compile 2to4.mlir --compile-from=executable-targets -o 24.so
// RUN: ropt-run run 24.so --function=main --input=4x8xf32=2 --input=8x4xf32=3 | FileCheck %s --check-prefix=RESULT
// RESULT: 4x4xf32=[48 48 48 48]

// Flags of later phases do their work: dumps and substitutions.
// RUN: ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-sources -o x.so --hal-dump-executable-configurations-to=c --hal-dump-executable-intermediates-to=i --hal-dump-executable-binaries-to=b --dump-compilation-phases-to=again
// RUN: ls c i b again | FileCheck %s --check-prefix=LATER
// LATER: again:
// LATER-NEXT: prog.3.executable-configurations.mlir
// LATER: configured_prog_main_dispatch_0.mlir
// LATER: prog_main_dispatch_0_embedded_elf_x86_64.o
// RUN: ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-sources --hal-substitute-executable-configurations-from=c -o x.so 2>&1 | FileCheck %s --check-prefix=CONFIGURATION
// CONFIGURATION: executable @main_dispatch_0 is substituted by `c/configured_prog_main_dispatch_0.mlir`
// RUN: ropt compile p/prog.3.executable-configurations.mlir --compile-from=executable-configurations --hal-substitute-executable-objects-from=b -o x.so 2>&1 | FileCheck %s --check-prefix=OBJECT
// OBJECT: executable @main_dispatch_0 is substituted by `b/prog_main_dispatch_0_embedded_elf_x86_64.so`
// RUN: ropt-run run x.so --function=main --input=4x8xf32=2 --input=8x4xf32=3 | FileCheck %s --check-prefix=RESULT

// A flag whose phase is past is refused.
// RUN: not ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-sources --target=llvm-cpu -o y.so 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: error: --target has no effect: its phase, executable-sources, is past
// TARGET: note: the input is taken to be at phase executable-sources (--compile-from)
// RUN: not ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-sources --target-cpu=x86-64 -o y.so 2>&1 | FileCheck %s --check-prefix=CPU
// CPU: error: --target-cpu has no effect: its phase, executable-sources, is past
// CPU: help: the input's executables have their targets already: leave the flag out, or start from an earlier phase
// RUN: not ropt compile p/prog.4.executable-targets.mlir --compile-from=executable-targets --hal-substitute-executable-object=main_dispatch_0=k.o -o y.so 2>&1 | FileCheck %s --check-prefix=PAST
// RUN: not ropt compile p/prog.4.executable-targets.mlir --compile-from=executable-targets --hal-dump-executable-configurations-to=c -o y.so 2>&1 | FileCheck %s --check-prefix=PAST
// RUN: not ropt compile p/prog.3.executable-configurations.mlir --compile-from=executable-configurations --iree-hal-substitute-executable-configurations-from=c -o y.so 2>&1 | FileCheck %s --check-prefix=PAST
// RUN: not ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-sources --hal-preprocess-executables-with=cat -o y.so 2>&1 | FileCheck %s --check-prefix=PAST
// RUN: not ropt compile p/prog.5.executable-binaries.mlir --compile-from=executable-binaries --hal-dump-executable-binaries-to=b -o y.so 2>&1 | FileCheck %s --check-prefix=PAST
// RUN: not ls y.so
// PAST: error: --hal-{{.*}} has no effect: its phase, executable-{{.*}}, is past
// PAST: help: leave the flag out, or start from an earlier phase

// A flag that several passes take, each in its phase.
// RUN: ropt compile p/prog.4.executable-targets.mlir --compile-from=executable-targets --codegen-timeout-s=100 --hal-dump-executable-files-to=g -o z.so 2>&1 | FileCheck %s --check-prefix=SHARED
// SHARED-DAG: warning: --codegen-timeout-s has no effect in phase executable-configurations, which is past
// SHARED-DAG: warning: --hal-dump-executable-files-to has no effect in phase executable-sources, which is past
// RUN: ls g | FileCheck %s --check-prefix=BINARY
// BINARY: prog_main_dispatch_0_embedded_elf_x86_64.so

// One that only partly comes too late, or too early, is told.
// RUN: ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-sources --hal-dump-executable-files-to=f -o y.so 2>&1 | FileCheck %s --check-prefix=PART
// PART: warning: --hal-dump-executable-files-to has no effect in phase executable-sources, which is past
// RUN: ls f | FileCheck %s --check-prefix=FILES --implicit-check-not=prog_main_dispatch_0.mlir
// FILES: configured_prog_main_dispatch_0
// RUN: ropt compile prog.mlir --target=llvm-cpu --compile-to=executable-sources --hal-dump-executable-binaries-to=b 2>&1 >/dev/null | FileCheck %s --check-prefix=BEHIND
// BEHIND: warning: --hal-dump-executable-binaries-to has no effect: its phase, executable-binaries, is not reached
// BEHIND: note: the run ends behind phase executable-sources (--compile-to)

// Wrong phases.
// RUN: not ropt compile prog.mlir --compile-from=executable-source -o y.so 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: --compile-from: no phase `executable-source`
// NAME: help: {{.*}}executable-sources
// RUN: not ropt compile prog.mlir --compile-from=executable-targets --compile-to=executable-sources 2>&1 | FileCheck %s --check-prefix=ORDER
// ORDER: error: --compile-to=executable-sources is not behind --compile-from=executable-targets
// RUN: not ropt compile p/prog.2.executable-sources.mlir --compile-from=executable-binaries -o early.so 2>&1 | FileCheck %s --check-prefix=EARLY
// EARLY: error: variant @{{.*}} of executable @main_dispatch_0 is not compiled
// EARLY: help: run hal-translate-executables and hal-serialize-executables before
// RUN: not ls early.so

module @prog {
  func.func @main(%a: tensor<4x8xf32>, %b: tensor<8x4xf32>) -> tensor<4x4xf32> {
    %z = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<4x4xf32>
    %f = linalg.fill ins(%z : f32) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
    %r = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
    return %r : tensor<4x4xf32>
  }
}
