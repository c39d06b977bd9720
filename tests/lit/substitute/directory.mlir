// Every executable for which the folder holds a file named as dumps name it.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %S/Inputs/program.mlir .
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-sources{path=d},hal-dump-executable-sources{path=d prefix=configured})' -o original.mlir
// RUN: echo notes > d/notes.txt && mkdir d/sub && cp d/prog_x.mlir d/other_z.mlir && touch d/.hidden.mlir
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{search-path=d stage=sources})' -o back.mlir 2> said
// RUN: diff original.mlir back.mlir
// RUN: FileCheck %s --input-file=said

// CHECK: warning: `d/other_z.mlir` matches no executable
// CHECK: asked for by option search-path=d of hal-substitute-executables
// CHECK: remark: in folder `d`, files with other extensions are left alone: `notes.txt`
// CHECK-NOT: hidden
// CHECK: remark: executable @x is substituted by `d/prog_x.mlir`
// CHECK: remark: executable @y is substituted by `d/prog_y.mlir`

// For configurations, those count.
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{search-path=d stage=configurations})' 2>&1 >/dev/null | FileCheck %s --check-prefix=CONFIGURED
// CONFIGURED: executable @x is substituted by `d/configured_prog_x.mlir`

// Without a phase, and with a second spelling, two files are an error that names both.
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{search-path=d})' 2>&1 | FileCheck %s --check-prefix=BOTH
// BOTH: error: `prog_x.mlir` and `configured_prog_x.mlir` both stand for executable @x
// BOTH: help: remove one of them, or say which with x=FILE
// RUN: cp d/prog_x.mlir d/x.mlir
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{search-path=d stage=sources})' 2>&1 | FileCheck %s --check-prefix=TWO
// TWO: error: `prog_x.mlir` and `x.mlir` both stand for executable @x
// RUN: rm d/x.mlir

// A name wins over a folder.
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=original.mlir search-path=d stage=sources})' 2>&1 >/dev/null | FileCheck %s --check-prefix=NAMED
// NAMED: remark: `d/prog_x.mlir` is passed over: option substitutions=x=original.mlir of hal-substitute-executables names another file
// NAMED: executable @x is substituted by `original.mlir`

// A folder that is none.
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{search-path=nowhere})' 2>&1 | FileCheck %s --check-prefix=NOWHERE
// NOWHERE: error: folder `nowhere` is not there
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{search-path=program.mlir})' 2>&1 | FileCheck %s --check-prefix=FILE
// FILE: error: `program.mlir` is a file, a folder is wanted
