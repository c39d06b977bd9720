// Objects that a kernel's ops name are the variant's, each once, and are linked.
// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: ropt a.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(hal-hoist-executable-objects)))' | FileCheck %s
// RUN: ropt a.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(iree-hal-hoist-executable-objects)))' | FileCheck %s
// CHECK: @cpu target({{.*}}) objects([#hal.executable.object<{path = "z.o"}>, #hal.executable.object<{path = "a.o"}>, #hal.executable.object<{path = "b.o"}>])
// CHECK-NOT: hal.executable.objects
// CHECK: @arm target({{.*}}) objects([#hal.executable.object<{path = "arm.o"}>])
// CHECK-NOT: hal.executable.objects
// CHECK: @other target(<"llvm-cpu", "embedded-elf-riscv_64">) {
// CHECK-NOT: hal.executable.objects

// `ropt compile` does it before configuration, in substituted sources as well.
// RUN: ropt compile a.mlir --print-pipeline -o x.so | FileCheck %s --check-prefix=PIPELINE
// PIPELINE: hal.executable(hal.executable.variant(hal-hoist-executable-objects)),hal-resolve-executable-objects,hal-compile-executables

// RUN: not ropt bad.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(hal-hoist-executable-objects)))' 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: bad.mlir:3:{{[0-9]+}}: error: `hal.executable.objects` is no list of objects: ["a.o"]
// BAD: help: write [#hal.executable.object<{path = "FILE"}>, …]
// RUN: not ropt a.mlir --pass-pipeline='builtin.module(hal-hoist-executable-objects)' 2>&1 | FileCheck %s --check-prefix=ANCHOR
// ANCHOR: error:
// ANCHOR: hal.executable.variant

//--- a.mlir
hal.executable private @x {
  hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64">) objects([#hal.executable.object<{path = "z.o"}>]) {
    builtin.module {
      func.func private @f() attributes {hal.executable.objects = [#hal.executable.object<{path = "a.o"}>, #hal.executable.object<{path = "b.o"}>]}
      func.func private @g() attributes {hal.executable.objects = [#hal.executable.object<{path = "a.o"}>]}
    }
  }
  hal.executable.variant public @arm target(<"llvm-cpu", "embedded-elf-arm_64">) {
    builtin.module {
      func.func private @f() attributes {hal.executable.objects = #hal.executable.objects<{#hal.executable.target<"llvm-cpu", "embedded-elf-arm_64"> = [#hal.executable.object<{path = "arm.o"}>]}>}
    }
  }
  hal.executable.variant public @other target(<"llvm-cpu", "embedded-elf-riscv_64">) {
    builtin.module {
      func.func private @f() attributes {hal.executable.objects = #hal.executable.objects<{#hal.executable.target<"llvm-cpu", "embedded-elf-arm_64"> = [#hal.executable.object<{path = "arm.o"}>]}>}
    }
  }
}

//--- bad.mlir
hal.executable private @x {
  hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64">) {
    builtin.module { func.func private @f() attributes {hal.executable.objects = ["a.o"]} }
  }
}
