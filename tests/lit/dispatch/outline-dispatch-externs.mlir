// RUN: ropt %s --pass-pipeline='builtin.module(hal-outline-dispatch-externs)' | FileCheck %s
// RUN: ropt %s --iree-flow-outline-dispatch-externs | FileCheck %s

// RUN: rm -rf %t && mkdir %t
// RUN: clang --target=x86_64-none-elf -O2 -ffreestanding -fPIC -I %S/../../../core/abi/include -c %S/Inputs/extern.c -o %t/extern.o
// RUN: ropt compile %s --hal-executable-object-search-path=%t -o %t/program.so
// RUN: ropt-run run %t/program.so --function=extern --device=cpu-sync --input=4xf32=1,2,3,4 | FileCheck %s --check-prefix=SYNC
// RUN: ropt-run run %t/program.so --function=extern --device=cpu-task:2 --input=4xf32=1,2,3,4 | FileCheck %s --check-prefix=TASK

// SYNC: 4xf32=2 4 6 8
// TASK: 4xf32=10 20 30 40

#cpu = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {target_triple = "x86_64-none-elf"}>
#other = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {target_triple = "x86_64-none-elf", note = 1 : i64}>
#layout = #hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>

// CHECK: hal.executable private @extern_dispatch_0 {
// CHECK-NEXT: hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64", {note = 1 : i64, {{.*}}}>) objects([#hal.executable.object<{path = "extern.o"}>]) {
// CHECK-NEXT: hal.executable.condition(%[[DEVICE:.*]]: !hal.device) -> i1 {
// CHECK-NEXT: hal.device.query<%[[DEVICE]] : !hal.device> key("hal.device.id" :: "cpu-task*")
// CHECK: hal.executable.export public @scale_by_ten ordinal(1) layout(#hal.pipeline.layout<constants = 1, {{.*}}>) count(%{{.*}}: !hal.device, %[[N:.*]]: index) -> (index, index, index) {
// CHECK: hal.return %[[N]], %{{.*}}, %{{.*}} : index, index, index
// CHECK: hal.executable.variant public @embedded_elf_x86_64_1
// CHECK-NEXT: hal.executable.export public @scale_by_ten ordinal(0)
// CHECK: func.func @extern
// CHECK: flow.dispatch @extern_dispatch_0::@scale_by_ten[%{{.*}}](%{{.*}}, %{{.*}}) : (i32, tensor<?xf32>{%{{.*}}}) -> tensor<?xf32>{%{{.*}}}
// CHECK-NOT: hal.dispatch.extern

func.func @extern(%a: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %word = arith.index_cast %n : index to i32
  %0 = hal.dispatch.extern "scale_by_ten"[%n](%word, %a) : (i32, tensor<?xf32>{%n}) -> tensor<?xf32>{%n}
    count(%device: !hal.device, %workload: index) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %workload, %c1, %c1 : index, index, index
    }
    layout(#layout)
    objects({
      #other if(%device: !hal.device) -> i1 {
        %ok, %task = hal.device.query<%device : !hal.device> key("hal.device.id" :: "cpu-task*") : i1, i1
        hal.return %task : i1
      } ordinal(1) = [#hal.executable.object<{path = "extern.o"}>],
      #cpu ordinal(0) = [#hal.executable.object<{path = "extern.o"}>]
    })
  return %0 : tensor<?xf32>
}
