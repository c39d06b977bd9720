// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | FileCheck %s --check-prefix=GENERIC

#target = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>
#cuda = #hal.executable.target<"cuda", "cuda-nvptx-fb">
#layout = #hal.pipeline.layout<constants = 2, bindings = [
  #hal.pipeline.binding<storage_buffer, "ReadOnly|Indirect">,
  #hal.pipeline.binding<uniform_buffer>,
  #hal.pipeline.binding<storage_buffer, Indirect>
], flags = Indirect>

// CHECK-LABEL: hal.executable.source public @source <objects = <{#hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}> = [#hal.executable.object<{path = "a.o"}>]}>> attributes {note = 1 : i64} {
hal.executable.source public @source <objects = <{#target = [#hal.executable.object<{path = "a.o"}>]}>> attributes {note = 1 : i64} {
  // CHECK: hal.executable.export public @fallback layout(#hal.pipeline.layout<constants = 2, {{.+}}>)
  hal.executable.export public @fallback layout(#layout)
  // CHECK: hal.executable.export public @main ordinal(0) layout(#hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer, "ReadOnly|Indirect">, #hal.pipeline.binding<uniform_buffer>, #hal.pipeline.binding<storage_buffer, Indirect>], flags = Indirect>) condition(%{{.+}}: !hal.device) -> i1 {
  hal.executable.export public @main ordinal(0) layout(#layout) condition(%device: !hal.device) -> i1 {
    %true = arith.constant true
    // CHECK: hal.return %{{.+}} : i1
    hal.return %true : i1
    // CHECK: } fallback(@fallback) count(%{{.+}}: !hal.device, %[[W:.+]]: index) -> (index, index, index) {
  } fallback(@fallback) count(%device: !hal.device, %w: index) -> (index, index, index) {
    // CHECK: hal.return %[[W]], %[[W]], %[[W]] : index, index, index
    hal.return %w, %w, %w : index, index, index
    // CHECK: } <workgroup_size = [1 : index, 2 : index, 3 : index], subgroup_size = 32, workgroup_local_memory = 64, source_locs = {key = #{{.+}}}> attributes {note}
  } <workgroup_size = [1 : index, 2 : index, 3 : index], subgroup_size = 32, workgroup_local_memory = 64, source_locs = {key = loc("source")}> attributes {note}
  builtin.module {
    func.func @main() { return }
  }
}

// CHECK-LABEL: hal.executable private @executable {
// GENERIC-LABEL: "hal.executable"() <{sym_name = "executable", sym_visibility = "private"}> ({
hal.executable private @executable {
  // CHECK: hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) objects([#hal.executable.object<{path = "a.o", data = dense<[1, 2]> : vector<2xi8>}>]) sources({key = "text"}) attributes {note} {
  hal.executable.variant public @cpu target(#target) objects([#hal.executable.object<{path = "a.o", data = dense<[1, 2]> : vector<2xi8>}>]) sources({key = "text"}) attributes {note} {
    // CHECK: hal.executable.condition(%{{.+}}: !hal.device) -> i1 {
    hal.executable.condition(%device: !hal.device) -> i1 {
      %true = arith.constant true
      hal.return %true : i1
    }
    // CHECK: hal.executable.constant.block(%{{.+}}: !hal.device) -> i32 as "one" {
    hal.executable.constant.block(%device: !hal.device) -> i32 as "one" {
      %c = arith.constant 1 : i32
      hal.return %c : i32
    }
    // CHECK: hal.executable.constant.block() -> (i32, i32) as ("two", "three") attributes {note} {
    hal.executable.constant.block() -> (i32, i32) as ("two", "three") attributes {note} {
      %c = arith.constant 2 : i32
      hal.return %c, %c : i32, i32
    }
    // CHECK: hal.executable.export public @main layout(#hal.pipeline.layout<{{.+}}>) attributes {note}
    hal.executable.export public @main layout(#layout) attributes {note}
    // CHECK: builtin.module {
    builtin.module {
      func.func @main() {
        // CHECK: %[[ID:.+]] = hal.interface.workgroup.id[0] : index
        %id = hal.interface.workgroup.id[0] : index
        // CHECK: hal.interface.workgroup.id[1] upper_bound 5 : index
        %id1 = hal.interface.workgroup.id[1] upper_bound 5 : index
        // CHECK: hal.interface.workgroup.size[1] upper_bound 8 {note} : index
        %size = hal.interface.workgroup.size[1] upper_bound 8 {note} : index
        // CHECK: hal.interface.workgroup.count[2] : index
        %count = hal.interface.workgroup.count[2] : index
        // CHECK: hal.executable.constant.load "one" : i32
        %one = hal.executable.constant.load "one" : i32
        // CHECK: hal.interface.constant.load layout(<constants = 2, bindings = [{{.+}}], flags = Indirect>) ordinal(1) : i32
        %k = hal.interface.constant.load layout(#layout) ordinal(1) : i32
        // CHECK: hal.interface.constant.load layout(<{{.+}}>) ordinal(0) alignment(16) values([1 : i32, 2 : i32]) : i32
        %k1 = hal.interface.constant.load layout(#layout) ordinal(0) alignment(16) values([1 : i32, 2 : i32]) : i32
        // CHECK: hal.interface.binding.subspan layout(<{{.+}}>) binding(0) : memref<4xf32>
        %a = hal.interface.binding.subspan layout(#layout) binding(0) : memref<4xf32>
        // CHECK: hal.interface.binding.subspan layout(<{{.+}}>) binding(1) offset(%[[ID]]) : memref<4x?xf32, strided<[?, 1], offset: ?>, #hal.descriptor_type<storage_buffer>>{%[[ID]]}
        %b = hal.interface.binding.subspan layout(#layout) binding(1) offset(%id) : memref<4x?xf32, strided<[?, 1], offset: ?>, #hal.descriptor_type<storage_buffer>>{%id}
        // CHECK: hal.interface.binding.subspan layout(<{{.+}}>) binding(2) alignment(64) offset(%[[ID]]) flags("ReadOnly|Indirect") {note} : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<?x?xf32>>{%[[ID]], %[[ID]]}
        %c = hal.interface.binding.subspan layout(#layout) binding(2) alignment(64) offset(%id) flags("ReadOnly|Indirect") {note} : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<?x?xf32>>{%id, %id}
        return
      }
    }
    // GENERIC: "hal.executable.variant_end"() : () -> ()
  }
  // CHECK: hal.executable.variant public @cuda target(<"cuda", "cuda-nvptx-fb">) {
  hal.executable.variant public @cuda target(#cuda) {
    // CHECK-NEXT: hal.executable.export public @empty layout(#hal.pipeline.layout<bindings = []>)
    hal.executable.export public @empty layout(#hal.pipeline.layout<bindings = []>)
  }
  // CHECK: hal.executable.binary public @whole <format = "embedded-elf-x86_64", data = dense<1> : vector<2xi8>>
  hal.executable.binary public @whole <format = "embedded-elf-x86_64", data = dense<1> : vector<2xi8>>
  // GENERIC: "hal.executable_end"() : () -> ()
}

// A visibility that is left out is printed.
// CHECK-LABEL: hal.executable public @plain {
hal.executable @plain {
}

// Older files hold the count region at the end of the export.
// CHECK-LABEL: hal.executable.source public @older
hal.executable.source public @older {
  // CHECK: hal.executable.export public @plain ordinal(0) layout({{.*}}) count(%{{.+}}: !hal.device, %[[W:.+]]: index) -> (index, index, index) {
  // CHECK-NEXT: hal.return %[[W]], %[[W]], %[[W]] : index, index, index
  hal.executable.export public @plain ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) {
  ^bb0(%device: !hal.device, %w: index):
    hal.return %w, %w, %w : index, index, index
  }
  // CHECK: hal.executable.export public @sized ordinal(1) layout({{.*}}) count(%{{.+}}: !hal.device) -> (index, index, index) {
  // CHECK: } <workgroup_size = [64 : index, 1 : index, 1 : index]>
  hal.executable.export public @sized ordinal(1) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) attributes {
    workgroup_size = [64 : index, 1 : index, 1 : index]
  } {
  ^bb0(%device: !hal.device):
    %c1 = arith.constant 1 : index
    hal.return %c1, %c1, %c1 : index, index, index
  }
}
