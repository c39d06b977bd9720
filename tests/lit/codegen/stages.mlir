// From a program to a binary, stage by stage; the exports stay, the grid becomes plain arithmetic.
// RUN: ropt %s --pass-pipeline='builtin.module(hal-configure-executables)' | FileCheck %s --check-prefix=CONFIGURED
// RUN: ropt %s --pass-pipeline='builtin.module(hal-configure-executables,hal-translate-executables)' | FileCheck %s --check-prefix=TRANSLATED
// RUN: rm -rf %t
// RUN: ropt %s --pass-pipeline='builtin.module(hal-configure-executables,hal-translate-executables,hal-serialize-executables{dump-intermediates-path=%t/i dump-binaries-path=%t/b})' | FileCheck %s --check-prefix=SERIALIZED
// RUN: ls %t/i | FileCheck %s --check-prefix=INTERMEDIATES
// RUN: ls %t/b | FileCheck %s --check-prefix=BINARIES
// RUN: FileCheck %s --check-prefix=LL --input-file=%t/i/module_exe_embedded_elf_x86_64.codegen.ll
// RUN: FileCheck %s --check-prefix=S --input-file=%t/i/module_exe_embedded_elf_x86_64.s
// IREE's names of the passes.
// RUN: ropt %s --pass-pipeline='builtin.module(iree-hal-configure-executables,iree-hal-translate-executables,iree-hal-serialize-executables)' | FileCheck %s --check-prefix=SERIALIZED

// CONFIGURED: workgroup_count_from_slice
// CONFIGURED: func.func @double() attributes {ropt.schedule = "elementwise"
// TRANSLATED: hal.executable.export public @double
// TRANSLATED-NOT: workgroup_count_from_slice
// TRANSLATED: arith.ceildivsi
// TRANSLATED: hal.return
// TRANSLATED: llvm.func {{.*}}@double__body
// TRANSLATED: llvm.func @double(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// SERIALIZED: hal.executable.export public @double
// SERIALIZED: hal.executable.binary public @embedded_elf_x86_64
// SERIALIZED-SAME: format = "embedded-elf-x86_64"
// SERIALIZED-SAME: mime_type = "application/x-elf"
// SERIALIZED-NOT: builtin.module
// INTERMEDIATES-DAG: module_exe_embedded_elf_x86_64.codegen.ll
// INTERMEDIATES-DAG: module_exe_embedded_elf_x86_64.linked.bc
// INTERMEDIATES-DAG: module_exe_embedded_elf_x86_64.optimized.ll
// INTERMEDIATES-DAG: module_exe_embedded_elf_x86_64.s
// INTERMEDIATES-DAG: module_exe_embedded_elf_x86_64.o
// BINARIES: module_exe_embedded_elf_x86_64.so
// LL: target triple = "x86_64-unknown-unknown-eabi-elf"
// LL: define i32 @double(ptr
// LL: "target-cpu"="haswell"
// S: double:

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
