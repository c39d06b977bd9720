// A file of IR replaces the executable; name and visibility of the original stay.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/Inputs/program.mlir .
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-sources{path=d})' -o original.mlir
// RUN: sed 's/@x /@mine /; s/public @cpu/public @other/; s/func.func @x_add() {/func.func @x_add() { %%mark = arith.constant 42 : i32/' d/prog_x.mlir > edited.mlir
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=edited.mlir})' 2>%t/said | FileCheck %s
// RUN: FileCheck %s --check-prefix=SAID --input-file=%t/said

// CHECK: hal.executable private @x {
// CHECK-NEXT: hal.executable.variant public @cpu
// CHECK: arith.constant 42 : i32
// CHECK: hal.executable private @y {
// CHECK-NOT: 42
// CHECK: flow.dispatch @x::@x_add

// SAID: program.mlir:2:3: remark: executable @x is substituted by `edited.mlir`

// What a dump wrote, given back, is the program as it was; by IREE's name of the pass, too.
// RUN: ropt program.mlir --pass-pipeline='builtin.module(iree-hal-substitute-executables{substitutions=x=d/prog_x.mlir,y=d/prog_y.mlir})' -o back.mlir
// RUN: diff original.mlir back.mlir

// Bytecode does as well, and a file is found along the search path.
// RUN: ropt edited.mlir --emit-bytecode -o d/edited.mlirbc
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=@x=edited.mlirbc object-search-path=nowhere,d})' 2>/dev/null | FileCheck %s

// A file with several executables: the one of that name counts.
// RUN: cat d/prog_y.mlir edited.mlir > both.mlir
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=y=both.mlir})' -o third.mlir
// RUN: diff original.mlir third.mlir
