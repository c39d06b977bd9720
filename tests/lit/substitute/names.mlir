// Mistakes in names and files. The module is as it was, and nothing is printed.
// RUN: rm -rf %t && mkdir -p %t/d && cd %t && cp %S/Inputs/program.mlir . && echo hello > k.o && echo x > x.txt && touch empty.mlir
// RUN: echo 'func.func @f() { return }' > functions.mlir && echo 'hal.executable @x {' > open.mlir
// RUN: printf 'hal.executable @a {\n}\nhal.executable @b {\n}\n' > others.mlir

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=xx=open.mlir})' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: the program has no executable @xx
// UNKNOWN: asked for by option substitutions=xx=open.mlir of hal-substitute-executables
// UNKNOWN: help: did you mean `x`?

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x})' 2>&1 | FileCheck %s --check-prefix=FORM
// FORM: error: `x` does not say what to replace: write `name=file` or `name@variant=file`

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x@gpu=open.mlir})' 2>&1 | FileCheck %s --check-prefix=VARIANT
// VARIANT: error: cannot substitute executable @x: it has no variant @gpu
// VARIANT: help: {{.*}}`cpu`

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=nope.mlir object-search-path=a,b})' 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: error: cannot substitute executable @x: `nope.mlir` is not there
// MISSING: tried `nope.mlir`
// MISSING: tried `a/nope.mlir`
// MISSING: tried `b/nope.mlir`
// MISSING: help: paths are relative to the current folder and to --hal-executable-object-search-path=

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=d})' 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: error: cannot substitute executable @x: `d` is a folder, a file is wanted

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=k.o})' 2>&1 | FileCheck %s --check-prefix=CONTENT
// CONTENT: error: cannot substitute executable @x: `k.o` is not an ELF file, as its extension says

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=x.txt})' 2>&1 | FileCheck %s --check-prefix=KIND
// KIND: error: cannot substitute executable @x: what `x.txt` is can be told neither from its content nor from its extension
// KIND: help: files are .mlir and .mlirbc

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=empty.mlir})' 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: cannot substitute executable @x: `empty.mlir` is empty

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=open.mlir})' 2>&1 | FileCheck %s --check-prefix=PARSE
// PARSE: program.mlir:2:3: error: cannot substitute executable @x: the file cannot be read as IR:
// PARSE: open.mlir:{{[0-9]+}}:{{[0-9]+}}: note: the mistake is here

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=functions.mlir})' 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: cannot substitute executable @x: the file holds no hal.executable, only functions

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=others.mlir})' 2>&1 | FileCheck %s --check-prefix=OTHERS
// OTHERS: error: cannot substitute executable @x: the file holds executables @a, @b and none of this name

// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=x=program.mlir,x=%t/program.mlir})' 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: cannot substitute executable @x: `program.mlir` and `{{.*}}program.mlir` are both given for it
