// Each executable is written to a file of its own, public there, named as IREE names it.
// RUN: rm -rf %t && ropt %s --pass-pipeline='builtin.module(hal-dump-executable-sources{path=%t/new/folder})' | FileCheck %s --check-prefix=KEPT
// RUN: ls %t/new/folder | FileCheck %s --check-prefix=FILES
// RUN: FileCheck %s --check-prefix=FILE --input-file=%t/new/folder/prog_main_dispatch_0.mlir

// With a prefix, as configurations have it, and by IREE's name of the pass.
// RUN: ropt %s --pass-pipeline='builtin.module(iree-hal-dump-executable-sources{path=%t/conf prefix=configured})' -o /dev/null
// RUN: ls %t/conf | FileCheck %s --check-prefix=PREFIXED

// A file parses alone, and dumping it again gives the same file.
// RUN: ropt %t/new/folder/prog_main_dispatch_0.mlir --pass-pipeline='builtin.module(hal-dump-executable-sources{path=%t/again})' -o /dev/null
// RUN: diff %t/new/folder/prog_main_dispatch_0.mlir %t/again/module_main_dispatch_0.mlir

// `-` is stdout.
// RUN: ropt %s --pass-pipeline='builtin.module(hal-dump-executable-sources{path=-})' -o /dev/null | FileCheck %s --check-prefix=STDOUT

// KEPT: hal.executable private @main_dispatch_0
// KEPT: func.func @main

// FILES: prog_main_dispatch_0.mlir
// FILES-NEXT: prog_main_dispatch_1.mlir
// FILES-NOT: {{.}}

// PREFIXED: configured_prog_main_dispatch_0.mlir
// PREFIXED-NEXT: configured_prog_main_dispatch_1.mlir

// FILE: hal.executable public @main_dispatch_0 {
// FILE-NEXT: hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64">)
// FILE: hal.executable.export public @f ordinal(0) layout(#hal.pipeline.layout<bindings = []>)
// FILE: func.func @f()
// FILE-NOT: @main_dispatch_1

// STDOUT: hal.executable public @main_dispatch_0
// STDOUT: hal.executable public @main_dispatch_1

#target = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">
module @prog {
  hal.executable private @main_dispatch_0 {
    hal.executable.variant public @cpu target(#target) {
      hal.executable.export public @f ordinal(0) layout(#hal.pipeline.layout<bindings = []>)
      builtin.module { func.func @f() { return } }
    }
  }
  hal.executable private @main_dispatch_1 {
    hal.executable.variant public @cpu target(#target) {
      hal.executable.export public @g ordinal(0) layout(#hal.pipeline.layout<bindings = []>)
      builtin.module { func.func @g() { return } }
    }
  }
  func.func @main() { return }
}
