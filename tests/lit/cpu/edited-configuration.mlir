// What a user edits in a dumped configuration is done, and a mistake in it is an error, not a slow kernel.
// RUN: rm -rf %t && mkdir %t
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 -o %t/program.so --hal-dump-executable-configurations-to=%t
// RUN: mv %t/configured_module_main_dispatch_0.mlir %t/mine.mlir

// Other tile sizes: the loops step by them.
// RUN: sed 's|register = array<i64: 4, 16, 0>|register = array<i64: 2, 8, 0>|; s|output = array<i64: 4, 16>|output = array<i64: 2, 8>|; s|vector = array<i64: 4, 16, 4>|vector = array<i64: 2, 8, 4>|' %t/mine.mlir > %t/smaller.mlir
// RUN: ropt %t/smaller.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,canonicalize,cpu-apply-schedule))))' | FileCheck %s --check-prefix=SMALLER
// SMALLER: scf.for {{.*}} step %c8
// SMALLER: vector.contract {{.*}} vector<2x4xf32>, vector<4x8xf32> into vector<2x8xf32>

// The plain path.
// RUN: sed 's|ropt.schedule = "contraction"|ropt.schedule = "plain"|' %t/mine.mlir > %t/plain.mlir
// RUN: ropt %t/plain.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,canonicalize,cpu-apply-schedule))))' | FileCheck %s --check-prefix=PLAIN
// PLAIN-NOT: vector.
// PLAIN: linalg.matmul
// PLAIN-NOT: ropt.
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --hal-substitute-executable-configuration=main_dispatch_0=%t/plain.mlir -o %t/plain.so
// RUN: ropt-run run %t/plain.so --function=main --input=8x16xf32=1 --input=16x32xf32=2 | FileCheck %s --check-prefix=RESULT
// RESULT: 8x32xf32=[32 32 32

// Nonsense.
// RUN: sed 's|register = array<i64: 4, 16, 0>|register = array<i64: 4, 16, 0, 8>|' %t/mine.mlir > %t/long.mlir
// RUN: not ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --hal-substitute-executable-configuration=main_dispatch_0=%t/long.mlir -o %t/long.so 2>&1 | FileCheck %s --check-prefix=LONG
// LONG: error: ropt.tiles has 4 sizes in `register`, but the op has 3 loops
// RUN: not ls %t/long.so
// RUN: sed 's|ropt.schedule = "contraction"|ropt.schedule = "contration"|' %t/mine.mlir > %t/unknown.mlir
// RUN: not ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --hal-substitute-executable-configuration=main_dispatch_0=%t/unknown.mlir -o %t/unknown.so 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: there is no schedule `contration`

func.func @main(%a: tensor<8x16xf32>, %b: tensor<16x32xf32>) -> tensor<8x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x32xf32>) -> tensor<8x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<8x16xf32>, tensor<16x32xf32>) outs(%init : tensor<8x32xf32>) -> tensor<8x32xf32>
  return %c : tensor<8x32xf32>
}
