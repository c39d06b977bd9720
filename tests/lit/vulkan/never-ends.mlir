// A kernel that takes hours: --timeout ends it with a sentence, whichever command runs it, on a GPU's driver and on the CPU.
// RUN: rm -rf %t && split-file %S/Inputs/never-ends.txt %t && cd %t
// RUN: ropt compile %s --target=vulkan-spirv --hal-substitute-executable-object=main_dispatch_0=slow.comp -o slow.so
// RUN: not ropt-run run slow.so --device=vulkan --input=4194304xf32=2 --output= --timeout=4 2>&1 | FileCheck %s
// RUN: not ropt-run bench slow.so --device=vulkan --timeout=4 2>&1 | FileCheck %s
// RUN: not ropt-run compare slow.so slow.so --device=vulkan --timeout=4 2>&1 | FileCheck %s
// RUN: ropt compile %s --target=llvm-cpu --hal-substitute-executable-object=main_dispatch_0=endless.c -o endless.so
// RUN: not ropt-run run endless.so --device=cpu-sync --input=4194304xf32=2 --timeout=4 2>&1 | FileCheck %s
// RUN: not ropt-run run endless.so --device=cpu-task --input=4194304xf32=2 --timeout=4 2>&1 | FileCheck %s
// CHECK: error: function 'main' of the program did not end within 4 s
// CHECK-NEXT: note: the last kernel that it started is export 'main_dispatch_0_elementwise_4194304_f32' of executable 'main_dispatch_0'
// CHECK-NEXT: note: asked for by --timeout
// CHECK-NEXT: help:

// A call that ends in time is as without the flag.
// RUN: ropt compile %s --target=vulkan-spirv -o own.so
// RUN: ropt-run run own.so --device=vulkan --input=4194304xf32=2 --output= --timeout=60 | count 0
// RUN: not ropt-run run own.so --timeout=0 2>&1 | FileCheck %s --check-prefix=ZERO
// ZERO: a number of seconds above 0 and up to 3600 is expected

func.func @main(%a: tensor<4194304xf32>) -> tensor<4194304xf32> {
  %0 = arith.addf %a, %a : tensor<4194304xf32>
  return %0 : tensor<4194304xf32>
}
