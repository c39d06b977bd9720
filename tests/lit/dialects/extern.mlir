// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s

#cpu = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {target_triple = "x86_64-none-elf"}>
#layout = #hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>

// CHECK-LABEL: func.func @extern
func.func @extern(%a: tensor<?xf32>, %n: index, %word: i32) -> tensor<?xf32> {
  // CHECK: hal.dispatch.extern "main"[%{{.*}}](%{{.*}}, %{{.*}}) : (i32, tensor<?xf32>{%{{.*}}}) -> %{{.*}}{%{{.*}}} count(%{{.*}}: !hal.device, %{{.*}}: index) -> (index, index, index) {
  // CHECK: } layout(#hal.pipeline.layout<constants = 1, bindings = [{{.*}}]>) objects({
  // CHECK-NEXT: #hal.executable.target<"llvm-cpu", {{.*}}> if(%[[DEVICE:.*]]: !hal.device) -> i1 {
  // CHECK-NEXT: %{{.*}}, %{{.*}} = hal.device.query<%[[DEVICE]] : !hal.device> key("hal.cpu" :: "avx2") : i1, i32 = 7 : i32
  // CHECK: } ordinal(3) = [#hal.executable.object<{path = "a.o"}>],
  // CHECK-NEXT: #hal.executable.target<"llvm-cpu", {{.*}}> ordinal(0) = [#hal.executable.object<{path = "b.o"}>]
  // CHECK-NEXT: }) attributes {note}
  %0 = hal.dispatch.extern "main"[%n](%word, %a) : (i32, tensor<?xf32>{%n}) -> %a{%n}
    count(%device: !hal.device, %workload: index) -> (index, index, index) {
      hal.return %workload, %workload, %workload : index, index, index
    }
    layout(#layout)
    objects({
      #cpu if(%device: !hal.device) -> i1 {
        %ok, %value = hal.device.query<%device : !hal.device> key("hal.cpu" :: "avx2") : i1, i32 = 7 : i32
        hal.return %ok : i1
      } ordinal(3) = [#hal.executable.object<{path = "a.o"}>],
      #cpu ordinal(0) = [#hal.executable.object<{path = "b.o"}>]
    }) attributes {note}
  return %0 : tensor<?xf32>
}
