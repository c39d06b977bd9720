// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/Inputs/program.mlir %S/Inputs/several.mlir %S/Inputs/add.c .

// RUN: sed 's/x_add/x_sub/' add.c > a.c
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.c})' 2>&1 | FileCheck %s --check-prefix=SYMBOL
// SYMBOL: error: cannot substitute executable @x: the file defines no function `x_add`
// SYMBOL: help: an export's function has the export's name and is not static; {{.*}}`x_sub`

// RUN: echo 'int x_add(int a) { return b; }' > a.c
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.c})' 2>&1 | FileCheck %s --check-prefix=COMPILE
// COMPILE: error: cannot substitute executable @x: the file does not compile
// COMPILE: the compiler was called as `clang{{.*}} -march=x86-64 {{.*}}a.c`
// COMPILE: a.c:1:27: error: use of undeclared identifier 'b'

// RUN: echo 'int foo(int); int x_add(int a) { return foo(a); }' > a.c
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.c})' 2>&1 | FileCheck %s --check-prefix=UNDEFINED
// UNDEFINED: error: cannot substitute executable @x: the file needs `foo`, which neither libc nor libm has

// What C or LLVM IR says of a kernel's parameters is checked.
// RUN: echo 'int x_add(const void *environment, int dispatch) { return dispatch; }' > a.c
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.c})' 2>&1 | FileCheck %s --check-prefix=SIGNATURE
// RUN: clang-22 -c -emit-llvm a.c -o a.bc
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.bc})' 2>&1 | FileCheck %s --check-prefix=SIGNATURE
// SIGNATURE: error: cannot substitute executable @x: its function `x_add` is `i32 (ptr, i32)`, and a kernel is `i32 (ptr, ptr, ptr)`
// SIGNATURE: help: write int32_t x_add(const ropt_environment_t *, const ropt_dispatch_state_t *, const ropt_workgroup_state_t *), or ROPT_KERNEL(x_add), of <ropt/kernel.h>
// RUN: echo 'void x_add(void *e, void *d, void *w) { }' > a.c
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.c})' 2>&1 | FileCheck %s --check-prefix=VOID
// VOID: its function `x_add` is `void (ptr, ptr, ptr)`, and a kernel is
// RUN: echo 'struct s { long all[9]; }; int x_add(struct s e, void *d, void *w) { return 0; }' > a.c
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.c})' 2>&1 | FileCheck %s --check-prefix=COPY
// COPY: its function `x_add` is `i32 (ptr byval, ptr, ptr)`, and a kernel is

// A compiler that makes no LLVM IR leaves it unchecked, and says so.
// RUN: printf '#!/bin/sh\nfor word; do [ "$word" = -emit-llvm ] && exit 1; done\nexec clang-22 "$@"\n' > no-ir && chmod +x no-ir
// RUN: env ROPT_CLANG=%t/no-ir ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=add.c})' 2>&1 | FileCheck %s --check-prefix=NOIR
// NOIR: remark: `{{.*}}no-ir` makes no LLVM IR, so what the kernels take is not checked

// RUN: env ROPT_CLANG=%t/none not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=add.c})' 2>&1 | FileCheck %s --check-prefix=CLANG
// CLANG: error: cannot substitute executable @x: there is no C compiler: {{.*}}none` does not run
// CLANG: help: install clang

// RUN: echo 'int x_add(int a) { return a; }' > a.c && clang-22 --target=aarch64-linux-gnu -c a.c -o a.o
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.o})' 2>&1 | FileCheck %s --check-prefix=MACHINE
// MACHINE: error: cannot substitute executable @x: the file is for aarch64, variant @cpu is for x86_64

// RUN: head -c 100 a.o > cut.o
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=cut.o})' 2>&1 | FileCheck %s --check-prefix=CUT
// CUT: error: cannot substitute executable @x: the object is damaged or cut short:

// RUN: echo 'define void @x_add(' > a.ll
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.ll})' 2>&1 | FileCheck %s --check-prefix=LLVM
// LLVM: error: cannot substitute executable @x: {{.*}}a.ll

// RUN: printf '.version 7.0\n.target sm_75\n' > a.ptx
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.ptx})' 2>&1 | FileCheck %s --check-prefix=PTX
// PTX: the file is PTX, and none of its variants (@cpu for <"llvm-cpu", "embedded-elf-x86_64">) takes that

// The grid must be known: objects go in after translation.
// RUN: sed '/c1 = /d; s/hal.return %%w, %%c1, %%c1/%%a, %%b, %%c = iree_tensor_ext.dispatch.workgroup_count_from_slice(%%w) hal.return %%a, %%b, %%c/; s/hal.return %%c1, %%c1, %%c1/%%c1 = arith.constant 1 : index hal.return %%c1, %%c1, %%c1/' program.mlir > early.mlir
// RUN: not ropt early.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=add.c})' 2>&1 | FileCheck %s --check-prefix=GRID
// GRID: error: cannot substitute executable @x: the grid of export @x_add is not known before translation
// GRID: help: objects go in after translation: use --hal-substitute-executable-object

// IR that is not translated is none for that phase.
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-sources{path=d})' -o /dev/null
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=d/prog_x.mlir stage=objects})' 2>&1 | FileCheck %s --check-prefix=EARLY
// EARLY: error: cannot substitute executable @x: the file holds IR that is not translated yet
