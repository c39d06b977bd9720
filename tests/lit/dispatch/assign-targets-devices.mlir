// The devices that a module names say what to compile for.
// RUN: ropt %s --pass-pipeline='builtin.module(hal-assign-targets)' --split-input-file --verify-diagnostics | FileCheck %s
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-assign-targets{targets=llvm-cpu})' --split-input-file 2>&1 | FileCheck %s --check-prefix=BOTH

// BOTH: warning: the module names its devices in hal.device.targets, so llvm-cpu changes nothing

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
#one = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {cpu = "haswell"}>
#two = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">
#spirv = #hal.executable.target<"vulkan-spirv", "vulkan-spirv-fb">
#local = #hal.device.target<"local", [#one, #two]> : !hal.device
#older = #hal.device.target<"vulkan", {executable_targets = [#spirv, #two]}>
module attributes {hal.device.targets = [#local, #older]} {
  // CHECK: hal.executable private @one {
  // CHECK-NEXT: hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "haswell"}>)
  // CHECK: hal.executable.variant public @embedded_elf_x86_64_1 target(<"llvm-cpu", "embedded-elf-x86_64">)
  // CHECK: hal.executable.variant public @vulkan_spirv_fb target(<"vulkan-spirv", "vulkan-spirv-fb">)
  // CHECK-NOT: hal.executable.variant
  hal.executable.source private @one {
    hal.executable.export public @entry ordinal(0) layout(#layout)
    builtin.module {
      func.func @entry() { return }
    }
  }
}

// -----

#target = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">
module attributes {hal.device.targets = [#hal.device.target<"local", [#target]>]} {
  // expected-error @+3 {{executable @one has neither a module nor objects for #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">}}
  // expected-note @+2 {{its objects: #hal.executable.objects<{#hal.executable.target<"llvm-cpu", "other"> = [#hal.executable.object<{path = "a.o"}>]}>}}
  // expected-note @+1 {{help: a key of its objects fits when}}
  hal.executable.source private @one <objects = <{#hal.executable.target<"llvm-cpu", "other"> = [#hal.executable.object<{path = "a.o"}>]}>> {
    hal.executable.export public @entry ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>)
  }
}

// -----

// expected-error @+3 {{the module's hal.device.targets hold #hal.device.target<"local"> : !hal.device, which takes no executables}}
// expected-note @+2 {{help: write #hal.device.target}}
#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
module attributes {hal.device.targets = [#hal.device.target<"local">]} {
  hal.executable.source private @one {
    hal.executable.export public @entry ordinal(0) layout(#layout)
    builtin.module {
      func.func @entry() { return }
    }
  }
}
