// A large product: blocks of the reduction, both sides copied, the micro-kernel between them; nothing is left to loops.
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-configurations -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,cpu-apply-schedule))))' | FileCheck %s

// CHECK: scf.forall
// CHECK: scf.for
// CHECK: bufferization.alloc_tensor() : tensor<128x256xf32>
// CHECK: scf.for
// CHECK: bufferization.alloc_tensor() : tensor<256x16xf32>
// CHECK: vector.contract
// CHECK-NOT: linalg.

func.func @main(%a: tensor<256x1024xf32>, %b: tensor<1024x1024xf32>) -> tensor<256x1024xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<256x1024xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<256x1024xf32>) -> tensor<256x1024xf32>
  %c = linalg.matmul ins(%a, %b : tensor<256x1024xf32>, tensor<1024x1024xf32>) outs(%init : tensor<256x1024xf32>) -> tensor<256x1024xf32>
  return %c : tensor<256x1024xf32>
}
