// Every variant from its source to its binary, kept in a cache for the next time.
// RUN: rm -rf %t && mkdir %t
// RUN: ropt %s --pass-pipeline='builtin.module(hal-compile-executables{configure=true})' | FileCheck %s
// RUN: ropt %s -o %t/three.mlir --pass-pipeline='builtin.module(hal-configure-executables,hal-translate-executables,hal-serialize-executables)'
// RUN: ropt %s -o %t/none.mlir --pass-pipeline='builtin.module(hal-compile-executables{configure=true},hal-serialize-executables)'
// RUN: diff %t/three.mlir %t/none.mlir

// CHECK: hal.executable.export public @double
// CHECK-NOT: workgroup_count_from_slice
// CHECK: hal.executable.binary public @embedded_elf_x86_64
// CHECK-NOT: builtin.module

// The first run keeps the binary, the second one takes it; the module is the same.
// RUN: ropt %s -o %t/cold.mlir --pass-statistics --pass-pipeline='builtin.module(hal-compile-executables{configure=true cache=%t/cache},hal-serialize-executables)' 2>&1 | FileCheck %s --check-prefix=COLD
// RUN: ropt %s -o %t/warm.mlir --pass-statistics --pass-pipeline='builtin.module(hal-compile-executables{configure=true cache=%t/cache},hal-serialize-executables)' 2>&1 | FileCheck %s --check-prefix=WARM
// RUN: diff %t/three.mlir %t/cold.mlir
// RUN: diff %t/three.mlir %t/warm.mlir
// COLD: hal-compile-executables
// COLD-NEXT: 1 compiled
// COLD-NEXT: 1 stored
// WARM: hal-compile-executables
// WARM-NEXT: 1 cached
// WARM-NOT: hal-compile-variant

// Flags of MLIR count. Whatever comes out of the cache has the places of this program.
// RUN: ropt %s -o %t/cold.mlir --mlir-print-debuginfo --pass-statistics --pass-pipeline='builtin.module(hal-compile-executables{configure=true cache=%t/cache},hal-serialize-executables)' 2>&1 | FileCheck %s --check-prefix=COLD
// RUN: ropt %s -o %t/warm.mlir --mlir-print-debuginfo --pass-statistics --pass-pipeline='builtin.module(hal-compile-executables{configure=true cache=%t/cache},hal-serialize-executables)' 2>&1 | FileCheck %s --check-prefix=WARM
// RUN: FileCheck %s --check-prefix=PLACE --input-file=%t/warm.mlir
// PLACE: hal.return {{.*}} loc(#[[AT:.*]])
// PLACE: #[[AT]] = loc("{{.*}}compile-executables.mlir"

// A damaged entry is told and made again.
// RUN: find %t/cache/1 -type f -exec truncate -s -1 {} +
// RUN: ropt %s -o %t/again.mlir --pass-statistics --pass-pipeline='builtin.module(hal-compile-executables{configure=true cache=%t/cache},hal-serialize-executables)' 2>&1 | FileCheck %s --check-prefix=DAMAGED
// RUN: diff %t/three.mlir %t/again.mlir
// DAMAGED: remark: the binary of @exe in the cache is damaged (it holds {{[0-9]+}} bytes where {{[0-9]+}} were written): it is compiled again
// DAMAGED: 1 compiled
// DAMAGED-NEXT: 1 stored
// RUN: find %t/cache/1 -type f -exec cp %t/three.mlir {} ";"
// RUN: ropt %s -o %t/again.mlir --pass-pipeline='builtin.module(hal-compile-executables{configure=true cache=%t/cache},hal-serialize-executables)' 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: is damaged (it does not start as an entry does)

// A cache that cannot be used fails nothing, and is said once.
// RUN: ropt %s -o %t/again.mlir --pass-pipeline='builtin.module(hal-compile-executables{configure=true cache=%t/three.mlir},hal-serialize-executables)' 2>&1 | FileCheck %s --check-prefix=UNUSABLE
// RUN: diff %t/three.mlir %t/again.mlir
// UNUSABLE: warning: a binary was not looked for in the cache: cannot read `{{.*}}three.mlir/1/{{.*}}`: Not a directory
// UNUSABLE: warning: a binary was not kept in the cache: cannot {{.*}}three.mlir
// UNUSABLE: help: name a folder that is yours and has room with --cache-dir=DIR, or leave the cache out with --no-cache

// What is larger than its part of the cache is not kept.
// RUN: ropt %s -o %t/again.mlir --pass-statistics --pass-pipeline='builtin.module(hal-compile-executables{configure=true cache=%t/small cache-size=1000},hal-serialize-executables)' 2>&1 | FileCheck %s --check-prefix=SMALL
// RUN: not ls %t/small
// SMALL: 1 compiled
// SMALL-NOT: stored

// Another pipeline makes another binary, and a target that is none is an error.
// RUN: ropt %s -o %t/again.mlir --pass-statistics --pass-pipeline='builtin.module(hal-compile-executables{configure=true configure-pipelines="llvm-cpu:builtin.module(cpu-select-schedule,cse)" cache=%t/cache})' 2>&1 | FileCheck %s --check-prefix=COLD
// RUN: not ropt %s --pass-pipeline='builtin.module(hal-compile-executables{translate-pipelines="nobody:cse"})' 2>&1 | FileCheck %s --check-prefix=NOBODY
// NOBODY: error: translate-pipelines: no target `nobody`

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
