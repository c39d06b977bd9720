// A replacement that does not fit is refused with both sides, the flag and the file.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/Inputs/program.mlir .
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-sources{path=d})' -o /dev/null

// RUN: sed 's/x_add/x_sub/g' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=EXPORT
// EXPORT: program.mlir:2:3: error: cannot substitute executable @x: it exports @x_sub, expected @x_add
// EXPORT: asked for by option substitutions=x=a.mlir of hal-substitute-executables
// EXPORT: a.mlir:1:1: note: the file's executable is here
// EXPORT: help: name the export, and the function in the body, @x_add

// RUN: sed 's/func @x_add/func @x_sub/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=BODY
// BODY: error: cannot substitute executable @x: it exports @x_add but its body has no function of that name

// RUN: sed 's/ordinal(0)/ordinal(1)/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=ORDINAL
// ORDINAL: export @x_add has ordinal 1, expected 0

// RUN: sed 's/constants = 1/constants = 3/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=CONSTANTS
// CONSTANTS: export @x_add takes 3 constants, expected 1

// RUN: sed 's/bindings = \[/bindings = [#hal.pipeline.binding<storage_buffer>, /' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=BINDINGS
// BINDINGS: export @x_add takes 3 bindings, expected 2

// RUN: sed 's/storage_buffer, ReadOnly/uniform_buffer, ReadOnly/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=KIND
// KIND: binding 0 of export @x_add is uniform_buffer (read-only), expected storage_buffer (read-only)

// RUN: sed 's/%%arg1: index)/%%arg1: index, %%arg2: index)/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=WORKLOAD
// WORKLOAD: the count region of export @x_add takes 2 workload values, expected 1 workload value

// RUN: sed 's/4x8xf32/4x9xf32/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=SIZE
// SIZE: the body of export @x_add takes binding 0 as 4x9xf32, expected 4x8xf32

// RUN: sed 's/tensor<32xf32>/tensor<32xi32>/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=ELEMENT
// ELEMENT: the body of export @x_add takes binding 1 as 32xi32, expected 32xf32

// RUN: sed 's/readonly:/readwrite:/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=WRITES
// WRITES: the body of export @x_add writes binding 0, which is read-only

// RUN: sed 's/llvm-cpu/cuda/; s/embedded-elf-x86_64/cuda-nvptx-fb/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: variant @cpu is for <"cuda", "cuda-nvptx-fb">, the executable has @cpu for <"llvm-cpu", "embedded-elf-x86_64">

// Another view of the same bytes is fine.
// RUN: sed 's/!iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>>/memref<32xf32>/' d/prog_x.mlir > a.mlir
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=VIEW
// VIEW: executable @x is substituted by `a.mlir`

// Another processor is a warning, and so is an export that nothing dispatches.
// RUN: sed 's/generic/znver4/' d/prog_x.mlir > a.mlir
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=PROCESSOR
// PROCESSOR: warning: executable @x: the target of variant @cpu differs from the program's in its configuration; the file's is used

// A dispatch that gives less than the body takes, where the original said nothing of it.
// RUN: sed 's/4x8xf32>>/?x8xf32>>{%%n}/; s/%%c0 = .*/&\n%%n = hal.interface.workgroup.count[0] : index/' program.mlir > dynamic.mlir
// RUN: sed 's/4x8xf32/40x8xf32/' d/prog_x.mlir > a.mlir
// RUN: not ropt dynamic.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=SITE
// SITE: the dispatch gives 4x8xf32 for binding 0, the body of export @x_add takes it as 40x8xf32
// SITE: dynamic.mlir:{{[0-9]+}}:{{[0-9]+}}: note: the dispatch is here

// A size that is given as a constant counts as one.
// RUN: sed 's/4x8xf32>>/?x8xf32>>{%%n}/; s/%%c0 = .*/&\n%%n = arith.constant 5 : index/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=DYNAMIC
// DYNAMIC: the body of export @x_add takes binding 0 as 5x8xf32, expected 4x8xf32

// Rows further apart than the binding is long.
// RUN: sed 's/!iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>>/memref<4x8xf32, strided<[100, 1]>>/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=STRIDES
// STRIDES: the body of export @x_add uses 1232 bytes of binding 0, which has 128

// A body that sees another interface than its export gives is no IR.
// RUN: sed '/subspan/s/constants = 1/constants = 9/' d/prog_x.mlir > a.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=a.mlir})' 2>&1 | FileCheck %s --check-prefix=LAYOUT
// LAYOUT: 'hal.interface.binding.subspan' op has the layout #hal.pipeline.layout<constants = 9, {{.*}}, but its export @x_add has #hal.pipeline.layout<constants = 1,
// LAYOUT: a.mlir:{{[0-9]+}}:{{[0-9]+}}: note: the mistake is here
