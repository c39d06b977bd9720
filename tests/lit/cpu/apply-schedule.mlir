// The schedule tiles the kernel over workgroups and vectorizes it.
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-configurations -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,cpu-apply-schedule))))' | FileCheck %s

// CHECK: scf.forall
// CHECK: vector.contract
// CHECK-NOT: linalg.matmul

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
