// Each way in which a device fails ends with a sentence and an exit code, by a loader that fails when it is told to.
// RUN: rm -rf %t && mkdir %t && ln -s %bin/libvulkan_stand_in.so %t/libvulkan.so.1
// RUN: ropt compile %s --target=vulkan-spirv -o %t/a.so

// RUN: env LD_LIBRARY_PATH=%t STAND_IN_FAIL=nothing:0 ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: 64xf32=2 2 2

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkWaitSemaphoresKHR:-4 ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=LOST
// LOST: error: function 'main' failed: the device was lost while it worked on 'main_dispatch_0_elementwise_64_f32' (a kernel that faults or never ends does this)

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkQueueSubmit:-4 ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=SUBMIT
// SUBMIT: error: function 'main' failed: the device was lost while it worked on 'main_dispatch_0_elementwise_64_f32'

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkWaitSemaphoresKHR:hang ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 --timeout=1s 2>&1 | FileCheck %s --check-prefix=HANG
// HANG: error: function 'main' of the program did not end within 1 s
// HANG-NEXT: = note: the last kernel that it started is export 'main_dispatch_0_elementwise_64_f32' of executable 'main_dispatch_0'

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkAllocateMemory:-2 ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=MEMORY
// MEMORY: error: function 'main' failed: cannot allocate 256 bytes of device memory: Out of memory

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkCreateShaderModule:-1 ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=SHADER
// SHADER: error: cannot create a shader module: A host memory allocation has failed

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkCreateComputePipelines:-3 ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=PIPELINE
// PIPELINE: error: cannot build the pipeline of export 'main_dispatch_0_elementwise_64_f32' of executable 'main_dispatch_0': Initialization of an object has failed

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkCreateDevice:-3 ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=OPEN
// OPEN: error: cannot open device 'vulkan': cannot open the device: Initialization of an object has failed

// A device that is lost before it is open is the machine's fault, exit code 1, whatever way it is named; an option that no
// device has is the command line's, exit code 2.
// RUN: env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkCreateDevice:-4 bash -c 'ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2> %t/gone; echo "code $?" >> %t/gone'
// RUN: env LD_LIBRARY_PATH=%t STAND_IN_FAIL=vkCreateDevice:-4 bash -c 'ropt-run run %t/a.so --device=vulkan:0 --function=main --input=64xf32=1 2>> %t/gone; echo "code $?" >> %t/gone'
// RUN: env LD_LIBRARY_PATH=%t STAND_IN_FAIL=nothing:0 bash -c 'ropt-run run %t/a.so --device=vulkan:99 --function=main --input=64xf32=1 2>> %t/gone; echo "code $?" >> %t/gone'
// RUN: FileCheck %s --check-prefix=GONE < %t/gone
// GONE: error: cannot open device 'vulkan': cannot open the device: The logical device has been lost
// GONE: code 1
// GONE: error: cannot open device 'vulkan:0': cannot open the device
// GONE: code 1
// GONE: error: cannot open device 'vulkan:99':
// GONE: code 2

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=VK_KHR_timeline_semaphore:0 ropt-run run %t/a.so --device=vulkan --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=EXTENSION
// EXTENSION: error: cannot open device 'vulkan': device '{{.*}}' lacks timeline semaphores (VK_KHR_timeline_semaphore)
// RUN: sed 's/f32/f64/g' %s > %t/b.mlir && ropt compile %t/b.mlir --target=vulkan-spirv -o %t/b.so

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=shaderFloat64:0 ropt-run run %t/b.so --device=vulkan --function=main --input=64xf64=1 2>&1 | FileCheck %s --check-prefix=FEATURE
// FEATURE: error: executable 'main_dispatch_0' needs Float64 (shaderFloat64), which device '{{.*}}' lacks

func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %x : f32
    linalg.yield %s : f32
  } -> tensor<64xf32>
  return %r : tensor<64xf32>
}
