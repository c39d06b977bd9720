// RUN: rm -rf %t && mkdir %t && echo x > %t/file
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-dump-executable-sources{path=%t/file})' 2>&1 | FileCheck %s --check-prefix=FILE
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-dump-executable-sources{path=%t/file/below})' 2>&1 | FileCheck %s --check-prefix=BELOW
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-dump-executable-sources)' 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-dump-executable-sources{path=%t/d})' 2>&1 | FileCheck %s --check-prefix=CLASH

// FILE: error: {{.*}}file` is a file, a folder is wanted
// BELOW: error: cannot make folder {{.*}}below
// NONE: error: hal-dump-executable-sources needs a folder
// NONE: help: give it path=DIR
// CLASH: error: executable @a/b and executable @a_b would both be written to `module_a_b.mlir`
// CLASH: help: rename one of them

hal.executable private @"a/b" {
}
hal.executable private @a_b {
}
