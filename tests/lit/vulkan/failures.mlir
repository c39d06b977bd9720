// What a device refuses is a sentence and exit code 1: more memory than there is, a device that is not there.
// RUN: ropt compile %s --target=vulkan-spirv -o %t.so
// RUN: not ropt-run run %t.so --device=vulkan --input=200000000000 --output= 2>&1 | FileCheck %s --check-prefix=MEMORY
// RUN: not ropt-run run %t.so --device=vulkan:nowhere --input=4 2>&1 | FileCheck %s --check-prefix=DEVICE
// RUN: env VK_DRIVER_FILES=/dev/null VK_ICD_FILENAMES=/dev/null not ropt-run run %t.so --device=vulkan --input=4 2>&1 | FileCheck %s --check-prefix=DRIVER
// RUN: ropt-run run %t.so --device=vulkan --input=4 | FileCheck %s
// MEMORY: error: function 'main' failed: cannot allocate {{8[0-9]+}} bytes of device memory
// DEVICE: no Vulkan device is called `nowhere`
// DRIVER: error:
// DRIVER: Vulkan
// CHECK: 4xf32=1 1 1 1

func.func @main(%n: index) -> tensor<?xf32> {
  %c = arith.constant 1.0 : f32
  %e = tensor.empty(%n) : tensor<?xf32>
  %0 = linalg.fill ins(%c : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
