// A schedule that never comes to an end (its patterns undo each other) is stopped by the limit of time, and the kernel takes
// the plain path, aloud. `timeout` is there so that a limit that does not work fails this test instead of hanging it.
// RUN: rm -rf %t && split-file %s %t
// RUN: sed "s|SCHEDULES|%t|" %t/kernel.mlir > %t/endless-kernel.mlir
// RUN: timeout 60 ropt %t/endless-kernel.mlir --pass-pipeline="builtin.module(hal-translate-executables{timeout-s=1})" -o %t/out.mlir 2>&1 | FileCheck %s --check-prefix=WARNING
// RUN: FileCheck %s --check-prefix=PLAIN < %t/out.mlir
// WARNING: kernel.mlir:[[#]]:7: warning: stage translate of the executable @exe for @v took longer than 1 s, in the schedule `elementwise` of `exe_k`: @exe takes the plain path
// WARNING: help: raise the limit with --codegen-timeout-s or the pass option timeout-s (0 is none), or choose other tile sizes or ropt.schedule = "plain" in its configuration
// WARNING-NOT: error

// So with memory, of which what the schedule held is given back before the plain path starts.
// RUN: timeout 60 ropt %t/endless-kernel.mlir --pass-pipeline="builtin.module(hal-translate-executables{memory-mb=600 timeout-s=50})" -o %t/out.mlir 2>&1 | FileCheck %s --check-prefix=HOLDS
// RUN: FileCheck %s --check-prefix=PLAIN < %t/out.mlir
// HOLDS: warning: stage translate of the executable @exe for @v holds [[#]] MiB of memory, more than 600 MiB, in the schedule `elementwise` of `exe_k`: @exe takes the plain path
// HOLDS: help: raise the limit with --codegen-memory-mb
// HOLDS-NOT: error

// Such a binary is not kept for the next time, which would not be told.
// RUN: timeout 60 ropt %t/endless-kernel.mlir --pass-pipeline="builtin.module(hal-compile-executables{timeout-s=1 cache=%t/cache})" -o %t/out.mlir 2>&1 | FileCheck %s --check-prefix=WARNING
// RUN: timeout 60 ropt %t/endless-kernel.mlir --pass-pipeline="builtin.module(hal-compile-executables{timeout-s=1 cache=%t/cache})" -o %t/out.mlir 2>&1 | FileCheck %s --check-prefix=WARNING

// Several kernels, translated side by side: only the one that runs away is stopped.
// RUN: sed "s/@exe /@other /; s/\"elementwise\"/\"plain\"/" %t/endless-kernel.mlir > %t/two.mlir && tail -n +2 %t/endless-kernel.mlir >> %t/two.mlir
// RUN: timeout 60 ropt %t/two.mlir --pass-pipeline="builtin.module(hal-translate-executables{timeout-s=1})" -o %t/out.mlir 2>&1 | sed s/two.mlir/kernel.mlir/ | FileCheck %s --check-prefix=WARNING
// RUN: FileCheck %s --check-prefix=TWO < %t/out.mlir
// TWO: hal.executable private @other
// TWO: llvm.func @exe_k
// TWO: hal.executable private @exe
// TWO: llvm.func @exe_k

// A pipeline that has no other way is ended: one sentence, exit code 1, no output.
// RUN: rm %t/out.mlir
// RUN: sh -c 'timeout 60 ropt %t/endless-kernel.mlir --pass-pipeline="builtin.module(hal-translate-executables{timeout-s=1 target-pipelines=llvm-cpu:builtin.module(cpu-apply-schedule)})" -o %t/out.mlir 2>&1; echo "exit code $?"' | FileCheck %s
// RUN: not ls %t/out.mlir
// CHECK: error: stage translate of the executable @exe for @v took longer than 1 s
// CHECK-NEXT: help: raise the limit with --codegen-timeout-s or the pass option timeout-s (0 is none), or give the kernel
// CHECK-NEXT: ropt.schedule = "plain" in its configuration
// CHECK-NEXT: exit code 1

// So is the plain path when it goes beyond the limit.
// RUN: sh -c 'timeout 60 ropt %t/endless-kernel.mlir --pass-pipeline="builtin.module(hal-translate-executables{memory-mb=1 timeout-s=50})" -o %t/out.mlir 2>&1; echo "exit code $?"' | FileCheck %s --check-prefix=MEMORY
// RUN: not ls %t/out.mlir
// MEMORY: error: stage translate of the executable @exe for @v{{.*}} holds {{[0-9]+}} MiB of memory, more than 1 MiB
// MEMORY-NEXT: help: raise the limit with --codegen-memory-mb
// MEMORY: exit code 1

// What the help says helps.
// RUN: sed 's|ropt.schedule = "elementwise"|ropt.schedule = "plain"|' %t/endless-kernel.mlir > %t/plain-kernel.mlir
// RUN: timeout 60 ropt %t/plain-kernel.mlir --pass-pipeline="builtin.module(hal-translate-executables{timeout-s=50})" | FileCheck %s --check-prefix=PLAIN
// PLAIN: llvm.func @exe_k

//--- kernel.mlir
#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>
hal.executable private @exe {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "x86-64-v3", ropt.schedules = "SCHEDULES", target_triple = "x86_64-unknown-unknown-eabi-elf"}>) {
    hal.executable.export public @exe_k ordinal(0) layout(#layout) count(%d: !hal.device) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %c1, %c1, %c1 : index, index, index
    }
    builtin.module {
      func.func @exe_k() attributes {ropt.schedule = "elementwise"} {
        %c0 = arith.constant 0 : index
        %z = arith.constant 0.0 : f32
        %a = hal.interface.binding.subspan layout(#layout) binding(0) : memref<64x64xf32>
        %b = hal.interface.binding.subspan layout(#layout) binding(1) : memref<64x64xf32>
        %x = vector.transfer_read %a[%c0, %c0], %z {in_bounds = [true, true]} : memref<64x64xf32>, vector<16x1xf32>
        %y = vector.transpose %x, [1, 0] : vector<16x1xf32> to vector<1x16xf32>
        vector.transfer_write %y, %b[%c0, %c0] {in_bounds = [true, true]} : vector<1x16xf32>, memref<64x64xf32>
        return
      }
    }
  }
}

//--- elementwise.mlir
module attributes {transform.with_named_sequence} {
  transform.named_sequence @schedule(%root: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["func.func"]} in %root : (!transform.any_op) -> !transform.any_op
    transform.apply_patterns to %f {
      transform.apply_patterns.vector.lower_shape_cast
      transform.apply_patterns.vector.lower_transpose lowering_strategy = "shuffle_1d"
      transform.apply_patterns.canonicalization
    } : !transform.any_op
    transform.yield
  }
}
