// Translating leaves the LLVM dialect and a count region without the slice op.
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-configurations -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal-translate-executables)' | FileCheck %s

// CHECK: hal.executable.export public @main_dispatch_0_matmul_64x32x128_f32
// CHECK-NOT: workgroup_count_from_slice
// CHECK: llvm.func {{.*}}@main_dispatch_0_matmul_64x32x128_f32
// CHECK-NOT: linalg.matmul
// CHECK: flow.dispatch @main_dispatch_0::@main_dispatch_0_matmul_64x32x128_f32

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
