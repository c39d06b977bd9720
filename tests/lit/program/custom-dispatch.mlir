// Kernels that call functions of objects linked into the executable, dispatched by hand beside generated ones.

// RUN: rm -rf %t && mkdir -p %t/objects
// RUN: clang --target=x86_64-none-elf -O2 -ffreestanding -fPIC -c %S/Inputs/axpy.c -o %t/objects/axpy_x86_64.o
// RUN: clang --target=aarch64-none-elf -O2 -ffreestanding -fPIC -c %S/Inputs/axpy.c -o %t/objects/axpy_arm_64.o
// RUN: ropt compile %s --iree-hal-executable-object-search-path=%t -o %t/program.so
// RUN: ropt-run run %t/program.so --function=mixed --input=20xf32=3 --input=20xf32=5 | FileCheck %s
// RUN: ropt-run run %t/program.so --function=mixed --device=cpu-task:3 --input=40xf32=3 --input=40xf32=5 | FileCheck %s --check-prefix=TASK

// What is embedded needs no file any more.
// RUN: ropt compile %s --hal-executable-object-search-path=%t --dump-compilation-phases-to=%t/phases -o %t/program.so
// RUN: ropt compile %t/phases/*3.executable-configurations.mlir --compile-from=executable-configurations -o %t/again.so
// RUN: ropt-run run %t/again.so --function=mixed --input=20xf32=3 --input=20xf32=5 | FileCheck %s

// RUN: not ropt compile %s -o %t/none.so 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not ropt compile %s --hal-executable-object-search-path=%t/no --hal-executable-object-search-path=%S -o %t/none.so 2>&1 | FileCheck %s --check-prefixes=MISSING,SEARCHED
// RUN: sed s/axpy_x86_64/axpy_arm_64/ %s > %t/arm.mlir
// RUN: not ropt compile %t/arm.mlir --hal-executable-object-search-path=%t -o %t/none.so 2>&1 | FileCheck %s --check-prefix=MACHINE
// RUN: sed s/@negate_block/@negate_blok/ %s > %t/typo.mlir
// RUN: not ropt compile %t/typo.mlir --hal-executable-object-search-path=%t -o %t/none.so 2>&1 | FileCheck %s --check-prefix=UNDEFINED
// RUN: not ls %t/none.so

// CHECK: 20xf32=-16 -16
// TASK: 40xf32=-16 -16
// MISSING: error: there is no object `objects/axpy_x86_64.o`
// MISSING: note: tried `objects/axpy_x86_64.o`
// SEARCHED: note: tried `{{.*}}/no/objects/axpy_x86_64.o`
// SEARCHED: note: tried `{{.*}}/program/objects/axpy_x86_64.o`
// MISSING: help: {{.*}}--hal-executable-object-search-path=
// MISSING: note: variant @x86_64 of executable @blocks links it
// MACHINE: error: `objects/axpy_arm_64.o` is for aarch64, the variant for x86_64
// MACHINE: help: compile it with clang --target=x86_64-none-elf
// UNDEFINED: error: executable @blocks calls `negate_blok`, which nothing defines
// UNDEFINED: note: `objects/axpy_x86_64.o` defines: axpy_block, negate_block
// UNDEFINED: help: define it in one of the objects

#x86_64 = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {target_triple = "x86_64-none-elf"}>
#cpu = #hal.device.target<"local", [#x86_64]> : !hal.device
#axpy = #hal.pipeline.layout<constants = 2, bindings = [
  #hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>
]>
#negate = #hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer>]>

module @custom attributes {hal.device.targets = [#cpu]} {
  hal.executable private @blocks {
    hal.executable.variant public @x86_64 target(#x86_64) objects([#hal.executable.object<{path = "objects/axpy_x86_64.o"}>]) {
      hal.executable.export public @axpy ordinal(0) layout(#axpy) count(%device: !hal.device, %n: index) -> (index, index, index) {
        %x = affine.apply affine_map<()[s0] -> (s0 ceildiv 16)>()[%n]
        %c1 = arith.constant 1 : index
        hal.return %x, %c1, %c1 : index, index, index
      }
      hal.executable.export public @negate ordinal(1) layout(#negate) count(%device: !hal.device, %n: index) -> (index, index, index) {
        %x = affine.apply affine_map<()[s0] -> (s0 ceildiv 16)>()[%n]
        %c1 = arith.constant 1 : index
        hal.return %x, %c1, %c1 : index, index, index
      }
      builtin.module {
        func.func private @axpy_block(memref<f32>, index, memref<f32>, index, memref<f32>, index, f32, index, index) attributes {hal.import.static, llvm.bareptr = [true]}
        func.func private @negate_block(memref<?xf32>, index) attributes {hal.import.static}
        func.func @axpy() {
          %c0 = arith.constant 0 : index
          %word = hal.interface.constant.load layout(#axpy) ordinal(0) : i32
          %a = hal.interface.constant.load layout(#axpy) ordinal(1) : f32
          %n = arith.index_castui %word : i32 to index
          %id = hal.interface.workgroup.id[0] : index
          %first = affine.apply affine_map<()[s0] -> (s0 * 16)>()[%id]
          %x = hal.interface.binding.subspan layout(#axpy) binding(0) alignment(64) offset(%c0) : memref<?xf32>{%n}
          %y = hal.interface.binding.subspan layout(#axpy) binding(1) alignment(64) offset(%c0) : memref<?xf32>{%n}
          %out = hal.interface.binding.subspan layout(#axpy) binding(2) alignment(64) offset(%c0) : memref<?xf32>{%n}
          %x_base, %x_offset, %x_size, %x_stride = iree_codegen.extract_strided_metadata %x : memref<?xf32> -> memref<f32>, index, index, index
          %y_base, %y_offset, %y_size, %y_stride = iree_codegen.extract_strided_metadata %y : memref<?xf32> -> memref<f32>, index, index, index
          %out_base, %out_offset, %out_size, %out_stride = memref.extract_strided_metadata %out : memref<?xf32> -> memref<f32>, index, index, index
          func.call @axpy_block(%x_base, %x_offset, %y_base, %y_offset, %out_base, %out_offset, %a, %n, %first) : (memref<f32>, index, memref<f32>, index, memref<f32>, index, f32, index, index) -> ()
          return
        }
        func.func @negate() {
          %c0 = arith.constant 0 : index
          %low = hal.interface.constant.load layout(#negate) ordinal(0) : i32
          %n = arith.index_castui %low : i32 to index
          %id = hal.interface.workgroup.id[0] : index
          %first = affine.apply affine_map<()[s0] -> (s0 * 16)>()[%id]
          %x = hal.interface.binding.subspan layout(#negate) binding(0) alignment(64) offset(%c0) : memref<?xf32>{%n}
          func.call @negate_block(%x, %first) : (memref<?xf32>, index) -> ()
          return
        }
      }
    }
  }
  func.func @mixed(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
    %c0 = arith.constant 0 : index
    %two = arith.constant 2.0 : f32
    %n = tensor.dim %x, %c0 : tensor<?xf32>
    %word = arith.index_cast %n : index to i32
    %0 = flow.dispatch @blocks::@x86_64::@axpy[%n](%word, %two, %x, %y) {hal.executable.ref = [@blocks]} : (i32, f32, tensor<?xf32>{%n}, tensor<?xf32>{%n}) -> tensor<?xf32>{%n}
    %1 = arith.addf %0, %y : tensor<?xf32>
    %2 = flow.dispatch @blocks::@negate[%n](%1, %n) : (tensor<?xf32>{%n}, index) -> %1{%n}
    return %2 : tensor<?xf32>
  }
}
