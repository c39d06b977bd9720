// The flags of `ropt compile`, by ropt's and by IREE's names: everything dumped is given back, at every phase.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %s prog.mlir
// RUN: ropt compile prog.mlir --target=llvm-cpu -o a.so --hal-dump-executable-files-to=d --dump-compilation-phases-to=phases
// RUN: ls d | FileCheck %s --check-prefix=FILES
// RUN: ls phases | FileCheck %s --check-prefix=PHASES
// RUN: ropt-run run a.so --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s --check-prefix=RESULT

// FILES-DAG: configured_prog_main_dispatch_0.mlir
// FILES-DAG: prog_main_dispatch_0.mlir
// FILES-DAG: prog_main_dispatch_0_embedded_elf_x86_64.o
// FILES-DAG: prog_main_dispatch_0_embedded_elf_x86_64.s
// FILES-DAG: prog_main_dispatch_0_embedded_elf_x86_64.so

// PHASES: prog.1.input.mlir
// PHASES-NEXT: prog.2.executable-sources.mlir
// PHASES-NEXT: prog.3.executable-configurations.mlir
// PHASES-NEXT: prog.4.executable-targets.mlir
// PHASES-NEXT: prog.5.executable-binaries.mlir
// PHASES-NEXT: prog.6.end.mlir

// RESULT: 64x32xf32=[768 768

// RUN: ropt compile prog.mlir --target=llvm-cpu -o b.so --hal-substitute-executable-sources-from=d 2>&1 | FileCheck %s --check-prefix=SOURCES
// RUN: ropt-run run b.so --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s --check-prefix=RESULT
// SOURCES: @main_dispatch_0 is substituted by `d/prog_main_dispatch_0.mlir` (--hal-substitute-executable-sources-from=d)

// RUN: ropt compile prog.mlir --target=llvm-cpu -o c.so --iree-hal-substitute-executable-configurations-from=d 2>&1 | FileCheck %s --check-prefix=CONFIGURATIONS
// RUN: ropt-run run c.so --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s --check-prefix=RESULT
// CONFIGURATIONS: @main_dispatch_0 is substituted by `d/configured_prog_main_dispatch_0.mlir`

// RUN: ropt compile prog.mlir --target=llvm-cpu -o e.so --hal-substitute-executable-objects-from=d 2>&1 | FileCheck %s --check-prefix=OBJECTS
// RUN: ropt-run run e.so --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s --check-prefix=RESULT
// OBJECTS: @main_dispatch_0 is substituted by `d/prog_main_dispatch_0_embedded_elf_x86_64.so`

// A kernel written by hand, found along the search path.
// RUN: mkdir kernels && cp %S/Inputs/matmul.c kernels
// RUN: ropt compile prog.mlir --target=llvm-cpu -o f.so --hal-substitute-executable-object=main_dispatch_0=matmul.c --hal-executable-object-search-path=kernels
// RUN: ropt-run run f.so --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s --check-prefix=HAND
// HAND: 64x32xf32=[769 769

// What iree-compile dumped is checked by the same rules, and its other processor is said.
// RUN: ropt compile prog.mlir --target=llvm-cpu -o g.so --hal-substitute-executable-source=main_dispatch_0=%S/Inputs/iree-main-dispatch-0.mlir 2>&1 | FileCheck %s --check-prefix=IREE
// RUN: ropt-run run g.so --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s --check-prefix=RESULT
// IREE: warning: executable @main_dispatch_0: the target of variant @embedded_elf_x86_64 differs from the program's in its configuration; the file's is used
// IREE: remark: executable @main_dispatch_0 is substituted by

// An error names the flag; no program appears.
// RUN: not ropt compile prog.mlir --target=llvm-cpu -o h.so --hal-substitute-executable-source=main_dispatch_0=nope.mlir 2>&1 | FileCheck %s --check-prefix=FLAG
// RUN: not ls h.so
// FLAG: error: cannot substitute executable @main_dispatch_0: `nope.mlir` is not there
// FLAG: asked for by --hal-substitute-executable-source=main_dispatch_0=nope.mlir

module @prog {
  func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
    %z = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<64x32xf32>
    %f = linalg.fill ins(%z : f32) outs(%e : tensor<64x32xf32>) -> tensor<64x32xf32>
    %r = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%f : tensor<64x32xf32>) -> tensor<64x32xf32>
    return %r : tensor<64x32xf32>
  }
}
