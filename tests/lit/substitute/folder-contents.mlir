// Where a file's name does not say whose it is, its content does: linked files, names that fit two executables.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/Inputs/chain.mlir . && mkdir all linked phases two one
// RUN: ropt compile chain.mlir -o a.so --hal-dump-executable-binaries-to=all --hal-dump-executable-intermediates-to=parts --hal-dump-executable-sources-to=sources --dump-compilation-phases-to=phases
// RUN: ropt-run run a.so --function=main --input=4xf32=1 | FileCheck %s --check-prefix=RESULT
// RESULT: 4xf32=8 8 8 8

// One library, archive or module of several kernels stands for all of them.
// RUN: clang-22 -shared -nostdlib parts/chain_a_cpu.o parts/chain_chain_a_cpu.o -o linked/everything.so
// RUN: ropt compile chain.mlir -o b.so --hal-substitute-executable-objects-from=linked 2>&1 | FileCheck %s --check-prefix=LINKED
// RUN: ropt-run run b.so --function=main --input=4xf32=1 | FileCheck %s --check-prefix=RESULT
// LINKED: remark: `linked/everything.so` is taken for what it holds: @a, @chain_a
// LINKED: executable @a is substituted by `linked/everything.so`
// LINKED: executable @chain_a is substituted by `linked/everything.so`
// RUN: ropt compile chain.mlir -o c.so --hal-substitute-executable-object=a=linked/everything.so --hal-substitute-executable-object=chain_a=linked/everything.so
// RUN: ropt-run run c.so --function=main --input=4xf32=1 | FileCheck %s --check-prefix=RESULT
// RUN: rm linked/everything.so && llvm-ar cr linked/everything.a parts/chain_a_cpu.o parts/chain_chain_a_cpu.o
// RUN: ropt compile chain.mlir -o d.so --hal-substitute-executable-objects-from=linked 2>&1 | FileCheck %s --check-prefix=ARCHIVE
// RUN: ropt-run run d.so --function=main --input=4xf32=1 | FileCheck %s --check-prefix=RESULT
// ARCHIVE: remark: `linked/everything.a` is taken for what it holds: @a, @chain_a
// RUN: not ropt compile chain.mlir -o e.so --hal-substitute-executable-sources-from=phases 2>&1 | FileCheck %s --check-prefix=MODULE
// MODULE: both stand for

// A file of one of them goes before; what another stands for already is passed over.
// RUN: cp parts/chain_a_cpu.o linked
// RUN: ropt compile chain.mlir -o f.so --hal-substitute-executable-objects-from=linked 2>&1 | FileCheck %s --check-prefix=BESIDE
// BESIDE-DAG: executable @a is substituted by `linked/chain_a_cpu.o`
// BESIDE-DAG: executable @chain_a is substituted by `linked/everything.a`
// RUN: cp parts/chain_chain_a_cpu.o linked
// RUN: ropt compile chain.mlir -o g.so --hal-substitute-executable-objects-from=linked 2>&1 | FileCheck %s --check-prefix=OVER
// OVER: remark: `linked/everything.a` is passed over: other files stand for what it holds, @a, @chain_a

// chain_a.mlir is @a of module @chain, or @chain_a: the executable inside says which.
// RUN: cp sources/chain_a.mlir one
// RUN: ropt compile chain.mlir -o h.so --hal-substitute-executable-sources-from=one 2>&1 | FileCheck %s --check-prefix=ONE
// ONE: executable @a is substituted by `one/chain_a.mlir`
// RUN: sed 's/@a /@b /' sources/chain_a.mlir > one/chain_a.mlir
// RUN: not ropt compile chain.mlir -o i.so --hal-substitute-executable-sources-from=one 2>&1 | FileCheck %s --check-prefix=NEITHER
// NEITHER: error: `chain_a.mlir` can stand for @a and @chain_a
// NEITHER: help: say which: a=chain_a.mlir or chain_a=chain_a.mlir

// A benchmark's executable is taken, by folder and by name, and its functions are not.
// RUN: mkdir bench && cat sources/chain_a.mlir %S/Inputs/benchmark-function.mlir > bench/chain_a_cpu_benchmark.mlir
// RUN: ropt compile chain.mlir -o j.so --hal-substitute-executable-sources-from=bench 2>&1 | FileCheck %s --check-prefix=BENCH
// RUN: ropt compile chain.mlir --compile-to=executable-sources --hal-substitute-executable-source=a=bench/chain_a_cpu_benchmark.mlir 2>&1 | FileCheck %s --check-prefix=BENCH --implicit-check-not=@benchmark
// BENCH: executable @a is substituted by `bench/chain_a_cpu_benchmark.mlir`
// RUN: ropt-run run j.so --function=main --input=4xf32=1 | FileCheck %s --check-prefix=RESULT
