// What callers see of executables stays, the kernels go.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/../substitute/Inputs/several.mlir %S/../substitute/Inputs/program.mlir .
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-strip-executable-contents)' | FileCheck %s
// CHECK: hal.executable private @x {
// CHECK-NEXT: hal.executable.variant public @cpu
// CHECK-NEXT: hal.executable.export public @x_add ordinal(0) layout({{.*}}) count(
// CHECK: hal.return
// CHECK-NEXT: }
// CHECK-NEXT: }
// CHECK-NEXT: }
// CHECK-NEXT: hal.executable private @y
// CHECK-NOT: func.func @y_f
// CHECK: flow.dispatch @x::@x_add

// Every variant, and by IREE's name.
// RUN: ropt several.mlir --pass-pipeline='builtin.module(iree-hal-strip-executable-contents)' | FileCheck %s --check-prefix=SEVERAL --implicit-check-not=func.func
// SEVERAL: @intel
// SEVERAL: @arm
// SEVERAL: @ptx

// A program without executables stays as it is.
// RUN: echo 'func.func @f() { return }' | ropt --pass-pipeline='builtin.module(hal-strip-executable-contents)' | FileCheck %s --check-prefix=NONE
// NONE: func.func @f

// What is stripped cannot be compiled, which is said.
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-strip-executable-contents)' -o stripped.mlir
// RUN: not ropt compile stripped.mlir --compile-from=executable-sources -o x.so 2>&1 | FileCheck %s --check-prefix=COMPILE
// RUN: not ls x.so
// COMPILE: error:
