// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s

// CHECK-LABEL: @targets
func.func private @targets() attributes {
  // CHECK-SAME: t.a = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">
  t.a = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">,
  // CHECK-SAME: t.b = #hal.executable.target<"cuda", "cuda-nvptx-fb", {x = 1 : i64}>
  t.b = #hal.executable.target<"cuda", "cuda-nvptx-fb", {x = 1}>
}

// CHECK-LABEL: @objects
func.func private @objects() attributes {
  // CHECK-SAME: t.a = #hal.executable.object<{path = "a.o"}>
  t.a = #hal.executable.object<{path = "a.o"}>,
  // CHECK-SAME: t.b = #hal.executable.object<{path = "b.o", data = dense<[1, 2]> : vector<2xi8>}>
  t.b = #hal.executable.object<{path = "b.o", data = dense<[1, 2]> : vector<2xi8>}>,
  // CHECK-SAME: t.c = #hal.executable.objects<{#hal.executable.target<"a", "b"> = [#hal.executable.object<{path = "a.o"}>], #hal.executable.target<"c", "d"> = []}>
  t.c = #hal.executable.objects<{
    #hal.executable.target<"a", "b"> = [#hal.executable.object<{path = "a.o"}>],
    #hal.executable.target<"c", "d"> = []}>
}

// CHECK-LABEL: @layouts
func.func private @layouts() attributes {
  // CHECK-SAME: t.a = #hal.pipeline.layout<bindings = []>
  t.a = #hal.pipeline.layout<bindings = []>,
  // CHECK-SAME: t.b = #hal.pipeline.layout<constants = 3, bindings = [#hal.pipeline.binding<uniform_buffer>]>
  t.b = #hal.pipeline.layout<constants = 3, bindings = [#hal.pipeline.binding<uniform_buffer>]>,
  // CHECK-SAME: t.c = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer, "ReadOnly|Indirect">], flags = Indirect>
  t.c = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer, "ReadOnly|Indirect">], flags = Indirect>,
  // CHECK-SAME: t.d = #hal.descriptor_type<uniform_buffer>
  t.d = #hal.descriptor_type<uniform_buffer>
}

// CHECK-LABEL: @devices
func.func private @devices() attributes {
  // CHECK-SAME: t.a = #hal.device.target<"local"> : !hal.device
  t.a = #hal.device.target<"local"> : !hal.device,
  // CHECK-SAME: t.b = #hal.device.target<"local", [#hal.executable.target<"a", "b">]> : !hal.device
  t.b = #hal.device.target<"local", [#hal.executable.target<"a", "b">]> : !hal.device,
  // CHECK-SAME: t.c = #hal.device.target<"local", {x = 1 : i64}> : !hal.device
  t.c = #hal.device.target<"local", {x = 1}> : !hal.device,
  // CHECK-SAME: t.d = #hal.device.target<"local", {x = 1 : i64}, [#hal.executable.target<"a", "b">, #hal.executable.target<"c", "d">]> : !hal.device
  t.d = #hal.device.target<"local", {x = 1}, [#hal.executable.target<"a", "b">, #hal.executable.target<"c", "d">]> : !hal.device,
  // CHECK-SAME: t.e = #hal.device.alias<"local"> : !hal.device
  t.e = #hal.device.alias<"local"> : !hal.device,
  // CHECK-SAME: t.f = #hal.device.affinity<@device>
  t.f = #hal.device.affinity<@device>
}

// CHECK: func.func private @types(!hal.device, !hal.buffer, !hal.buffer_view, !hal.fence)
func.func private @types(!hal.device, !hal.buffer, !hal.buffer_view, !hal.fence)
