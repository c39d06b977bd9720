// RUN: ropt %s --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(cpu-distribute-workgroups)))' | FileCheck %s

#layout = #hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer>]>
#target = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">

hal.executable private @exe {
  hal.executable.variant public @v target(#target) {
    // The grid in terms of the workload; the innermost loop is x.
    // CHECK-LABEL: hal.executable.export public @dynamic
    // CHECK-SAME: count(%{{.*}}: !hal.device, %[[N:.*]]: index)
    // CHECK: %[[ROWS:.*]] = arith.constant 4 : index
    // CHECK: %[[SPAN:.*]] = arith.subi %[[N]], %{{.*}} : index
    // CHECK: %[[COLUMNS:.*]] = arith.ceildivsi %[[SPAN]], %{{.*}} : index
    // CHECK: hal.return %[[COLUMNS]], %[[ROWS]], %{{.*}} : index, index, index
    hal.executable.export public @dynamic ordinal(0) layout(#layout) count(%d: !hal.device, %n: index) -> (index, index, index) {
      %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice(%n)
      hal.return %x, %y, %z : index, index, index
    }
    // Something is written beside the loop, which every workgroup would do: one workgroup.
    // CHECK-LABEL: hal.executable.export public @beside
    // CHECK: %[[ONE:.*]] = arith.constant 1 : index
    // CHECK: hal.return %[[ONE]], %[[ONE]], %[[ONE]]
    hal.executable.export public @beside ordinal(1) layout(#layout) count(%d: !hal.device) -> (index, index, index) {
      %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
      hal.return %x, %y, %z : index, index, index
    }
    // The user's grid stays.
    // CHECK-LABEL: hal.executable.export public @explicit
    // CHECK: %[[SEVEN:.*]] = arith.constant 7 : index
    // CHECK: hal.return %[[SEVEN]]
    hal.executable.export public @explicit ordinal(2) layout(#layout) count(%d: !hal.device) -> (index, index, index) {
      %c7 = arith.constant 7 : index
      %c1 = arith.constant 1 : index
      hal.return %c7, %c1, %c1 : index, index, index
    }
    builtin.module {
      // CHECK-LABEL: func.func @dynamic
      // CHECK-NOT: workload.ordinal
      // CHECK-DAG: %[[X:.*]] = hal.interface.workgroup.id[0] : index
      // CHECK-DAG: %[[Y:.*]] = hal.interface.workgroup.id[1] : index
      // CHECK-NOT: scf.forall
      // CHECK: memref.store
      func.func @dynamic() {
        %cst = arith.constant 1.0 : f32
        %w = hal.interface.constant.load layout(#layout) ordinal(0) : i32
        %i = arith.index_castui %w : i32 to index
        %n = iree_tensor_ext.dispatch.workload.ordinal %i, 0 : index
        %m = hal.interface.binding.subspan layout(#layout) binding(0) : memref<16x?xf32>{%n}
        scf.forall (%r, %c) = (0, 0) to (16, %n) step (4, 64) {
          memref.store %cst, %m[%r, %c] : memref<16x?xf32>
        }
        return
      }
      // CHECK-LABEL: func.func @beside
      // CHECK: scf.forall
      func.func @beside() {
        %cst = arith.constant 1.0 : f32
        %c0 = arith.constant 0 : index
        %m = hal.interface.binding.subspan layout(#layout) binding(0) : memref<16xf32>
        memref.store %cst, %m[%c0] : memref<16xf32>
        scf.forall (%r) in (16) {
          memref.store %cst, %m[%r] : memref<16xf32>
        }
        return
      }
      // CHECK-LABEL: func.func @explicit
      // CHECK: hal.interface.workgroup.id[0]
      func.func @explicit() {
        %cst = arith.constant 1.0 : f32
        %x = hal.interface.workgroup.id[0] : index
        %m = hal.interface.binding.subspan layout(#layout) binding(0) : memref<16xf32>
        memref.store %cst, %m[%x] : memref<16xf32>
        return
      }
    }
  }
}
