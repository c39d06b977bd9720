// A file that is no IR becomes a variant's contents; exports, layouts and count regions stay.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/Inputs/program.mlir %S/Inputs/add.c .
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=add.c stage=objects})' 2>said | FileCheck %s
// RUN: FileCheck %s --check-prefix=SAID --input-file=said

// CHECK: hal.executable private @x {
// CHECK-NEXT: hal.executable.variant public @cpu target({{.*}}) objects([#hal.executable.object<{path = "add.o", data = dense<{{.*}}> : vector<{{[0-9]+}}xi8>}>]) {
// CHECK-NEXT: hal.executable.export public @x_add ordinal(0) layout(
// CHECK: hal.return
// CHECK-NOT: builtin.module
// CHECK: hal.executable private @y {
// CHECK: builtin.module

// SAID: remark: executable @x is substituted by `add.c`

// Objects, archives, libraries, bitcode and LLVM's text.
// RUN: sed 's,#include <ropt/kernel.h>,,; s/ROPT_KERNEL(x_add)/int x_add(void *e, void *d, void *w)/; /ROPT_BINDING/d; /for/,/out/d' add.c > plain.c
// RUN: clang-22 -c -fPIC plain.c -o k.o && clang-22 -shared k.o -o k.so && llvm-ar cr k.a k.o
// RUN: clang-22 -c -emit-llvm plain.c -o k.bc && clang-22 -S -emit-llvm plain.c -o k.ll && clang-22 -S plain.c -o k.s
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=k.o})' -o - 2>/dev/null | FileCheck %s --check-prefix=OBJECT
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=k.so})' -o - 2>/dev/null | FileCheck %s --check-prefix=OBJECT
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=k.a})' -o - 2>/dev/null | FileCheck %s --check-prefix=OBJECT
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=k.bc})' -o - 2>/dev/null | FileCheck %s --check-prefix=OBJECT
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=k.ll})' -o - 2>/dev/null | FileCheck %s --check-prefix=OBJECT
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=k.s})' -o - 2>/dev/null | FileCheck %s --check-prefix=OBJECT
// OBJECT: objects([#hal.executable.object<{path = "k.{{o|so|a|bc}}", data = dense<

// From a folder, the last stage of what a dump wrote counts.
// RUN: mkdir d && cp k.ll d/prog_x_cpu.ll && cp k.s d/prog_x_cpu.s && cp k.o d/prog_x_cpu.o
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{search-path=d stage=objects})' 2>&1 >/dev/null | FileCheck %s --check-prefix=FOLDER
// FOLDER: remark: `d/prog_x_cpu.o` is taken, made from `prog_x_cpu.ll`, `prog_x_cpu.s`
// FOLDER: remark: variant @cpu of executable @x is substituted by `d/prog_x_cpu.o`
// RUN: touch -d '+1 hour' d/prog_x_cpu.ll
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{search-path=d stage=objects})' 2>&1 | FileCheck %s --check-prefix=NEWER
// NEWER: error: `prog_x_cpu.ll` was changed after `prog_x_cpu.o` was made from it, and both stand for executable @x
