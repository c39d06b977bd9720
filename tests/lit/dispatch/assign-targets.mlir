// RUN: ropt %s --pass-pipeline='builtin.module(hal-assign-targets{targets=llvm-cpu target-options={target-cpu=x86-64}})' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(hal-assign-targets{device=local local-backends=llvm-cpu target-options={target-cpu=x86-64}})' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(hal-assign-targets{targets=llvm-cpu,llvm-cpu target-options={target-cpu=x86-64}})' | FileCheck %s
// RUN: sed 's/^hal.executable private @three/module @nested { hal.executable private @three/; $s/$/ }/' %s > %t.none.mlir
// RUN: not ropt %t.none.mlir --pass-pipeline='builtin.module(hal-assign-targets)' 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: sed 's/<"llvm-cpu", "embedded-elf-x86_64"> =/<"other", "format"> =/' %s > %t.same.mlir
// RUN: ropt %t.same.mlir --pass-pipeline='builtin.module(hal-assign-targets)' | FileCheck %s --check-prefix=SAME
// RUN: ropt %s --pass-pipeline='builtin.module(hal-assign-targets{device=local target-options={target-cpu=x86-64}})' 2>&1 | FileCheck %s --check-prefixes=LOCAL,CHECK
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-assign-targets{targets=llvm-cpo})' 2>&1 | FileCheck %s --check-prefix=TYPO

// Without a target, sources get the variants that the file's executables have.
// SAME: hal.executable private @one {
// SAME-NEXT: hal.executable.variant public @other target(<"other", "format">)
// NONE: error: there is no target to compile for
// NONE: the targets are {{.*}}llvm-cpu
// NONE: help: name one with --target=NAME
// LOCAL: remark: the device `local` stands for llvm-cpu; --hal-local-target-device-backends= names others
// TYPO: error: {{.*}}llvm-cpo
// TYPO: llvm-cpu

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>

// CHECK: hal.executable private @one {
// CHECK-NEXT: hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64", {
// CHECK: hal.executable.export public @entry ordinal(0)
// CHECK: builtin.module
// CHECK: func.func @entry()
// CHECK-NOT: hal.executable.variant
hal.executable.source private @one {
  hal.executable.export public @entry ordinal(0) layout(#layout)
  builtin.module {
    func.func @entry() {
      return
    }
  }
}

// The objects that the source holds for a target become the variant's.

// CHECK: hal.executable private @two {
// CHECK-NEXT: hal.executable.variant public @embedded_elf_x86_64
// CHECK-SAME: objects([#hal.executable.object<{path = "two.o"}>])
// CHECK-NOT: two.spv
hal.executable.source private @two <objects = <{
  #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64"> = [#hal.executable.object<{path = "two.o"}>],
  #hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb"> = [#hal.executable.object<{path = "two.spv"}>]
}>> {
  hal.executable.export public @entry ordinal(0) layout(#layout)
}

// What has a target keeps it.

// CHECK: hal.executable private @three {
// CHECK-NEXT: hal.executable.variant public @other target(<"other", "format">)
// CHECK-NOT: hal.executable.variant
hal.executable private @three {
  hal.executable.variant public @other target(<"other", "format">) {
    hal.executable.export public @entry ordinal(0) layout(#layout)
  }
}
