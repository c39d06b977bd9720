// iree-opt works as ropt's command, and ropt as iree-compile's.
// REQUIRES: iree
// RUN: rm -rf %t && mkdir -p %t && cd %t

// RUN: ropt compile %s --target=llvm-cpu -o a.so "--hal-preprocess-executables-with=iree-opt --pass-pipeline=builtin.module(hal.executable(hal.executable.variant(builtin.module(func.func(linalg-generalize-named-ops)))))" --hal-dump-executable-configurations-to=d
// RUN: FileCheck %s --check-prefix=GENERALIZED --input-file=d/configured_module_main_dispatch_0.mlir
// RUN: ropt-run run a.so --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s
// RUN: ropt compile %s --target=llvm-cpu -o b.so "--hal-preprocess-executables-with=iree-opt --mlir-print-op-generic"
// RUN: ropt-run run b.so --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s

// RUN: iree-compile %s --iree-hal-target-device=local --iree-hal-local-target-device-backends=llvm-cpu --iree-llvmcpu-target-cpu=host "--iree-hal-preprocess-executables-with=ropt --pass-pipeline=builtin.module(hal.executable(hal.executable.variant(builtin.module(func.func(linalg-generalize-named-ops)))))" --iree-hal-dump-executable-configurations-to=e -o c.vmfb
// RUN: FileCheck %s --check-prefix=GENERALIZED --input-file=e/configured_module_main_dispatch_0.mlir
// RUN: iree-run-module --module=c.vmfb --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s
// RUN: iree-compile %s --iree-hal-target-device=local --iree-hal-local-target-device-backends=llvm-cpu --iree-llvmcpu-target-cpu=host "--iree-hal-preprocess-executables-with=ropt --mlir-print-op-generic --cse" -o d.vmfb
// RUN: iree-run-module --module=d.vmfb --function=main --input=64x128xf32=2 --input=128x32xf32=3 | FileCheck %s

// GENERALIZED-NOT: linalg.matmul
// GENERALIZED: linalg.generic
// CHECK: 64x32xf32=[768 768

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
