// Each way in which a device fails ends with a sentence and an exit code, by a CUDA library that needs no GPU and fails
// when it is told to. Its kernels do nothing.
// RUN: rm -rf %t && mkdir %t && ln -s %bin/libcuda_stand_in.so %t/libcuda.so.1
// RUN: ropt compile %s --target=cuda -o %t/a.so

// RUN: env LD_LIBRARY_PATH=%t STAND_IN_FAIL=nothing:0 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: 64xf32=0 0 0

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuMemcpyDtoHAsync_v2:719 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=LOST
// LOST: error: function 'main' failed: cannot read memory: unspecified launch failure (CUDA_ERROR_LAUNCH_FAILED)

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuStreamSynchronize:700:2 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=FAULT
// FAULT: error: function 'main' failed: CUDA failed while or after it ran 'main_dispatch_0_elementwise_64_f32': an illegal memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS)

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuLaunchKernel:719 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=LAUNCH
// LAUNCH: error: function 'main' failed: CUDA failed while or after it ran 'main_dispatch_0_elementwise_64_f32': unspecified launch failure (CUDA_ERROR_LAUNCH_FAILED)

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuStreamSynchronize:hang:2 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 --timeout=1s 2>&1 | FileCheck %s --check-prefix=HANG
// HANG: error: function 'main' of the program did not end within 1 s
// HANG-NEXT: = note: the last kernel that it started is export 'main_dispatch_0_elementwise_64_f32' of executable 'main_dispatch_0'

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuMemAllocAsync:2 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=MEMORY
// MEMORY: error: function 'main' failed: cannot allocate 256 bytes of device memory, 1048576 of 1073741824 are free: out of memory (CUDA_ERROR_OUT_OF_MEMORY)

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuModuleLoadDataEx:218 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=JIT
// JIT: error: CUDA does not load executable 'main_dispatch_0': a PTX JIT compilation failed (CUDA_ERROR_INVALID_PTX)
// JIT-NEXT: ptxas stand-in, line 1; fatal: told to fail

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuModuleGetFunction:500 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=KERNEL
// KERNEL: error: executable 'main_dispatch_0' has no kernel 'main_dispatch_0_elementwise_64_f32': named symbol not found (CUDA_ERROR_NOT_FOUND)

// RUN: not env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuDevicePrimaryCtxRetain:46 ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2>&1 | FileCheck %s --check-prefix=OPEN
// OPEN: error: cannot open device 'cuda': cannot make a context: CUDA-capable device(s) is/are busy or unavailable (CUDA_ERROR_DEVICE_UNAVAILABLE)

// A device that is lost before it is open is exit code 1, whatever way it is named; an option that there is not is 2.
// RUN: env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuDevicePrimaryCtxRetain:719 bash -c 'ropt-run run %t/a.so --device=cuda --function=main --input=64xf32=1 2> %t/gone; echo "code $?" >> %t/gone'
// RUN: env LD_LIBRARY_PATH=%t STAND_IN_FAIL=cuDevicePrimaryCtxRetain:719 bash -c 'ropt-run run %t/a.so --device=cuda:0 --function=main --input=64xf32=1 2>> %t/gone; echo "code $?" >> %t/gone'
// RUN: env LD_LIBRARY_PATH=%t STAND_IN_FAIL=nothing:0 bash -c 'ropt-run run %t/a.so --device=cuda:fast --function=main --input=64xf32=1 2>> %t/gone; echo "code $?" >> %t/gone'
// RUN: FileCheck %s --check-prefix=GONE < %t/gone
// GONE: error: cannot open device 'cuda': cannot make a context: unspecified launch failure
// GONE: code 1
// GONE: error: cannot open device 'cuda:0': cannot make a context
// GONE: code 1
// GONE: error: cannot open device 'cuda:fast':
// GONE: code 2

func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%a : tensor<64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %x : f32
    linalg.yield %s : f32
  } -> tensor<64xf32>
  return %r : tensor<64xf32>
}
