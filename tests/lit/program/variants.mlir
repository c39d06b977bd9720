// The first variant whose condition holds on the device is loaded; constant blocks are computed for it.

// RUN: ropt compile %s -o %t.so
// RUN: ropt-run run %t.so --function=f --device=cpu-sync --input=4xf32=1,2,3,4 | FileCheck %s --check-prefix=SYNC
// RUN: ropt-run run %t.so --function=f --device=cpu-task:3 --input=4xf32=1,2,3,4 | FileCheck %s --check-prefix=TASK
// RUN: sed s/concurrency/no-such-key/ %s > %t.default.mlir
// RUN: ropt compile %t.default.mlir -o %t.so
// RUN: ropt-run run %t.so --function=f --device=cpu-task:3 --input=4xf32=1,2,3,4 | FileCheck %s --check-prefix=DEFAULT
// RUN: sed 's/::@k\[/::@plain::@k[/' %s > %t.pinned.mlir
// RUN: ropt compile %t.pinned.mlir -o %t.so
// RUN: ropt-run run %t.so --function=f --device=cpu-sync --input=4xf32=1,2,3,4 | FileCheck %s --check-prefix=PLAIN
// RUN: not ropt-run run %t.so --function=f --device=cpu-task:3 --input=4xf32=1,2,3,4 2>&1 | FileCheck %s --check-prefix=PINNED
// RUN: ropt-run run %t.so --function=fallback --input=4xf32=1,2,3,4 --input=index=4 | FileCheck %s --check-prefix=OWN
// RUN: ropt-run run %t.so --function=fallback --input=4xf32=1,2,3,4 --input=index=2 | FileCheck %s --check-prefix=OTHER
// RUN: sed 's/constant true loc/constant false loc/' %s > %t.none.mlir
// RUN: ropt compile %t.none.mlir -o %t.so
// RUN: not ropt-run run %t.so --function=f --device=cpu-sync --input=4xf32=1,2,3,4 2>&1 | FileCheck %s --check-prefix=NONE

// x * 2.5 + the number of threads, where there are several.
// TASK: 4xf32=5.5 8 10.5 13
// SYNC: 4xf32=1 2 3 4
// DEFAULT: 4xf32=9.5 12 14.5 17
// PLAIN: 4xf32=1 2 3 4
// PINNED: error: function 'f' failed: a dispatch names variant @plain of executable @e, but the device took another one
// OWN: 4xf32=3 6 9 12
// OTHER: 4xf32=1 2 3 4
// NONE: error: executable 'e' has no variant for device 'cpu-sync'
// NONE: found: embedded-elf-x86_64, whose condition does not hold, embedded-elf-x86_64, whose condition does not hold

#special = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {target_triple = "x86_64-none-elf", note = "special"}>
#generic = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64", {target_triple = "x86_64-none-elf"}>
#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>

hal.executable private @e {
  hal.executable.variant public @special target(#special) {
    hal.executable.condition(%device: !hal.device) -> i1 {
      %true = arith.constant true
      %known, %elf = hal.device.query<%device : !hal.device> key("hal.executable.format" :: "*-elf-*") : i1, i1
      %same, %task = hal.device.query<%device : !hal.device> key("hal.device.id" :: "cpu-task*") : i1, i1
      %unknown, %two = hal.device.query<%device : !hal.device> key("some" :: "feature") : i1, i32 = 2 : i32
      %c2 = arith.constant 2 : i32
      %default = arith.cmpi eq, %two, %c2 : i32
      %not = arith.xori %unknown, %true : i1
      %0 = arith.andi %known, %elf : i1
      %1 = arith.andi %0, %task : i1
      %2 = arith.andi %1, %default : i1
      %3 = arith.andi %2, %not : i1
      hal.return %3 : i1
    }
    hal.executable.constant.block(%device: !hal.device) -> i32 as "threads" {
      %ok, %value = hal.device.query<%device : !hal.device> key("hal.device" :: "concurrency") : i1, i32 = 7 : i32
      hal.return %value : i32
    }
    hal.executable.constant.block() -> (i32, i32) as ("unused", "scale") {
      %unused = arith.constant 9 : i32
      %scale = arith.constant 2.5 : f32
      %bits = arith.bitcast %scale : f32 to i32
      hal.return %unused, %bits : i32, i32
    }
    hal.executable.export public @k ordinal(0) layout(#layout) count(%device: !hal.device, %n: index) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %n, %c1, %c1 : index, index, index
    }
    builtin.module {
      func.func @k() {
        %threads = hal.executable.constant.load "threads" : i32
        %scale = hal.executable.constant.load "scale" : f32
        %add = arith.sitofp %threads : i32 to f32
        %i = hal.interface.workgroup.id[0] : index
        %a = hal.interface.binding.subspan layout(#layout) binding(0) : memref<4xf32>
        %b = hal.interface.binding.subspan layout(#layout) binding(1) : memref<4xf32>
        %x = memref.load %a[%i] : memref<4xf32>
        %y = arith.mulf %x, %scale : f32
        %z = arith.addf %y, %add : f32
        memref.store %z, %b[%i] : memref<4xf32>
        return
      }
    }
  }
  hal.executable.variant public @plain target(#generic) {
    hal.executable.condition(%device: !hal.device) -> i1 {
      %true = arith.constant true loc("always")
      hal.return %true : i1
    }
    hal.executable.export public @k ordinal(0) layout(#layout) count(%device: !hal.device, %n: index) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %n, %c1, %c1 : index, index, index
    }
    builtin.module {
      func.func @k() {
        %i = hal.interface.workgroup.id[0] : index
        %a = hal.interface.binding.subspan layout(#layout) binding(0) : memref<4xf32>
        %b = hal.interface.binding.subspan layout(#layout) binding(1) : memref<4xf32>
        %x = memref.load %a[%i] : memref<4xf32>
        memref.store %x, %b[%i] : memref<4xf32>
        return
      }
    }
  }
}

// An export with a condition on its workload falls back to another one.
hal.executable private @exports {
  hal.executable.variant public @v target(#generic) {
    hal.executable.export public @large ordinal(0) layout(#layout) condition(%device: !hal.device, %n: index) -> i1 {
      %c3 = arith.constant 3 : index
      %large = arith.cmpi ugt, %n, %c3 : index
      hal.return %large : i1
    } fallback(@small) count(%device: !hal.device, %n: index) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %n, %c1, %c1 : index, index, index
    }
    hal.executable.export public @small ordinal(1) layout(#layout) count(%device: !hal.device, %n: index) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      hal.return %c4, %c1, %c1 : index, index, index
    }
    builtin.module {
      func.func @large() {
        %three = arith.constant 3.0 : f32
        %i = hal.interface.workgroup.id[0] : index
        %a = hal.interface.binding.subspan layout(#layout) binding(0) : memref<4xf32>
        %b = hal.interface.binding.subspan layout(#layout) binding(1) : memref<4xf32>
        %x = memref.load %a[%i] : memref<4xf32>
        %y = arith.mulf %x, %three : f32
        memref.store %y, %b[%i] : memref<4xf32>
        return
      }
      func.func @small() {
        %i = hal.interface.workgroup.id[0] : index
        %a = hal.interface.binding.subspan layout(#layout) binding(0) : memref<4xf32>
        %b = hal.interface.binding.subspan layout(#layout) binding(1) : memref<4xf32>
        %x = memref.load %a[%i] : memref<4xf32>
        memref.store %x, %b[%i] : memref<4xf32>
        return
      }
    }
  }
}

func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
  %c4 = arith.constant 4 : index
  %0 = flow.dispatch @e::@k[%c4](%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @fallback(%a: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  %0 = flow.dispatch @exports::@large[%n](%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
