// Several variants: the file says by what it is which one it is for, or the user does.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/Inputs/several.mlir .
// RUN: echo 'int f(void *e, void *d, void *w) { return 0; }' > f.c && clang-22 -c f.c -o intel.o && clang-22 --target=aarch64-linux-gnu -c f.c -o arm.o

// RUN: ropt several.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=intel.o})' 2>/dev/null | FileCheck %s --check-prefix=INTEL
// INTEL: @intel target({{.*}}) objects(
// INTEL-NOT: objects(
// RUN: ropt several.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x@intel=f.c,x=arm.o})' 2>/dev/null | FileCheck %s --check-prefix=ARM
// ARM: @intel target({{.*}}) objects(
// ARM: @arm target({{.*}}) objects(
// ARM: @ptx target({{.*}}) {

// RUN: not ropt several.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=f.c})' 2>&1 | FileCheck %s --check-prefix=SEVERAL
// SEVERAL: error: cannot substitute executable @x: the file is C, and several of its variants take that
// SEVERAL: help: say which: x@intel=f.c or x@arm=f.c

// A file with some of the variants replaces those; the others stay.
// RUN: ropt several.mlir --pass-pipeline='builtin.module(hal-dump-executable-sources{path=d})' -o original.mlir
// RUN: sed 's/func.func @f() {/func.func @f() { %%mark = arith.constant 42 : i32/' d/module_x.mlir > edited.mlir
// RUN: ropt several.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x@arm=edited.mlir})' 2>&1 | FileCheck %s --check-prefix=ONE
// ONE: remark: variant @arm of executable @x is substituted by `edited.mlir`
// ONE: @intel
// ONE-NOT: 42
// ONE: @arm
// ONE: 42
// ONE: @ptx
// ONE-NOT: 42

// A source for no target in particular does for all.
// RUN: echo 'hal.executable.source private @s { hal.executable.export public @f ordinal(0) layout(#hal.pipeline.layout<bindings = []>) count(%%d: !hal.device) -> (index, index, index) { %%c2 = arith.constant 2 : index hal.return %%c2, %%c2, %%c2 : index, index, index } builtin.module { func.func @f() { return } } }' > source.mlir
// RUN: ropt several.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=source.mlir})' 2>/dev/null | FileCheck %s --check-prefix=SOURCE
// SOURCE: hal.executable private @x
// SOURCE: @intel
// SOURCE: arith.constant 2 : index
// SOURCE: builtin.module
// SOURCE: @arm
// SOURCE: arith.constant 2 : index
// SOURCE: @ptx
// SOURCE: arith.constant 2 : index
