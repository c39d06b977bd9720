// One variant from its source, or from its configuration, to its binary; what is finished stays as it is.
// RUN: ropt %s --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(hal-compile-variant{configure=true})))' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(hal-configure-executables,hal.executable(hal.executable.variant(hal-compile-variant)))' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(hal-compile-variant{configure=true},hal-compile-variant)))' | FileCheck %s

// CHECK: hal.executable.export public @double
// CHECK-NOT: workgroup_count_from_slice
// CHECK: arith.ceildivsi
// CHECK: hal.executable.binary public @embedded_elf_x86_64
// CHECK-SAME: format = "embedded-elf-x86_64"
// CHECK-SAME: mime_type = "application/x-elf"
// CHECK-SAME: ropt.suffix = ".so"
// CHECK-NOT: builtin.module

// It is the binary that the passes one by one make.
// RUN: rm -rf %t && mkdir %t
// RUN: ropt %s -o %t/three.mlir --pass-pipeline='builtin.module(hal-configure-executables,hal-translate-executables,hal-serialize-executables)'
// RUN: ropt %s -o %t/one.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(hal-compile-variant{configure=true})),hal-serialize-executables{dump-binaries-path=%t/b})'
// RUN: diff %t/three.mlir %t/one.mlir
// RUN: ls %t/b | FileCheck %s --check-prefix=BINARY
// BINARY: module_exe_embedded_elf_x86_64.so

// A pipeline of the user's own takes the place of a stage.
// RUN: not ropt %s --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(hal-compile-variant{translate-pipelines="llvm-cpu:builtin.module(cse)"})))' 2>&1 | FileCheck %s --check-prefix=OWN
// OWN: error: {{.*}}executable `exe`
// OWN: the translate stage leaves only the LLVM dialect

// Intermediates are gone by then, which is said.
// RUN: ropt %s -o %t/out.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(hal-compile-variant{configure=true})),hal-serialize-executables{dump-intermediates-path=%t/i})' 2>&1 | FileCheck %s --check-prefix=LATE
// LATE: warning: @exe is finished already: it leaves no intermediates
// LATE: help: run hal-translate-executables in the place of hal-compile-executables

#layout = #hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
hal.executable private @exe {
  hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "haswell", cpu_features = "", target_triple = "x86_64-unknown-unknown-eabi-elf"}>) {
    hal.executable.export public @double ordinal(0) layout(#layout) count(%d: !hal.device, %n: index) -> (index, index, index) {
      %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice(%n)
      hal.return %x, %y, %z : index, index, index
    }
    builtin.module {
      func.func @double() {
        %c0 = arith.constant 0 : index
        %w = hal.interface.constant.load layout(#layout) ordinal(0) : i32
        %i = arith.index_castui %w : i32 to index
        %n = iree_tensor_ext.dispatch.workload.ordinal %i, 0 : index
        %0 = hal.interface.binding.subspan layout(#layout) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?xf32>>{%n}
        %1 = hal.interface.binding.subspan layout(#layout) binding(1) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<?xf32>>{%n}
        %2 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [%n], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?xf32>>{%n} -> tensor<?xf32>
        %3 = tensor.empty(%n) : tensor<?xf32>
        %4 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%2 : tensor<?xf32>) outs(%3 : tensor<?xf32>) {
        ^bb0(%x: f32, %y: f32):
          %s = arith.addf %x, %x : f32
          linalg.yield %s : f32
        } -> tensor<?xf32>
        iree_tensor_ext.dispatch.tensor.store %4, %1, offsets = [0], sizes = [%n], strides = [1] : tensor<?xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<?xf32>>{%n}
        return
      }
    }
  }
}
