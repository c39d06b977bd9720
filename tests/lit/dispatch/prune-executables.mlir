// Executables and exports that nothing dispatches go; what stays is numbered anew.
// RUN: ropt %s --pass-pipeline='builtin.module(hal-prune-executables)' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(iree-hal-prune-executables)' | FileCheck %s

// CHECK-NOT: @unused
// CHECK: hal.executable private @used
// CHECK: hal.executable.variant public @a
// CHECK-NEXT: hal.executable.export public @second ordinal(0)
// CHECK-NOT: hal.executable.export public @first
// CHECK: hal.executable.variant public @b
// CHECK-NEXT: hal.executable.export public @second ordinal(0)
// CHECK: hal.executable public @known
// CHECK-NEXT: hal.executable.variant
// CHECK-NEXT: hal.executable.export public @k ordinal(0)
// CHECK-NOT: hal.executable.source private @unused_source
// CHECK: hal.executable.source private @source
// CHECK-NEXT: hal.executable.export public @s ordinal(0)
// CHECK-NOT: hal.executable.export public @t
// CHECK: flow.dispatch @used::@second

// Nothing to do twice, and a program without executables.
// RUN: ropt %s --pass-pipeline='builtin.module(hal-prune-executables)' -o %t.1 && ropt %t.1 --pass-pipeline='builtin.module(hal-prune-executables)' -o %t.2 && diff %t.1 %t.2
// RUN: echo 'func.func @f() { return }' | ropt --pass-pipeline='builtin.module(hal-prune-executables)' | FileCheck %s --check-prefix=NONE
// NONE: func.func @f

// RUN: not ropt %s --pass-pipeline='builtin.module(hal-prune-executables{all})' 2>&1 | FileCheck %s --check-prefix=OPTION
// OPTION: error: {{.*}}`all`

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
hal.executable private @unused {
  hal.executable.variant public @a target(<"llvm-cpu", "embedded-elf-x86_64">) {
    hal.executable.export public @f ordinal(0) layout(#layout)
    builtin.module { func.func @f() { return } }
  }
}
hal.executable private @used {
  hal.executable.variant public @a target(<"llvm-cpu", "embedded-elf-x86_64">) {
    hal.executable.export public @first ordinal(0) layout(#layout)
    hal.executable.export public @second ordinal(1) layout(#layout)
    builtin.module { func.func @first() { return } func.func @second() { return } }
  }
  hal.executable.variant public @b target(<"llvm-cpu", "embedded-elf-arm_64">) {
    hal.executable.export public @first ordinal(0) layout(#layout)
    hal.executable.export public @second ordinal(1) layout(#layout)
    builtin.module { func.func @first() { return } func.func @second() { return } }
  }
}
hal.executable public @known {
  hal.executable.variant public @a target(<"llvm-cpu", "embedded-elf-x86_64">) {
    hal.executable.export public @k ordinal(0) layout(#layout)
    builtin.module { func.func @k() { return } }
  }
}
hal.executable.source private @unused_source {
  hal.executable.export public @s ordinal(0) layout(#layout)
  builtin.module { func.func @s() { return } }
}
hal.executable.source private @source {
  hal.executable.export public @t ordinal(0) layout(#layout)
  hal.executable.export public @s ordinal(1) layout(#layout)
  builtin.module { func.func @s() { return } func.func @t() { return } }
}
func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = flow.dispatch @used::@second(%a) : (tensor<4xf32>) -> %a
  %1 = flow.dispatch @source::@s(%0) : (tensor<4xf32>) -> %0
  return %1 : tensor<4xf32>
}
