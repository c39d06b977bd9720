// The kernel becomes an ELF binary; exports and layout stay readable.
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-targets -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal-serialize-executables)' | FileCheck %s

// CHECK: hal.executable.export public @main_dispatch_0_matmul_64x32x128_f32 ordinal(0) layout(
// CHECK-NOT: llvm.func
// CHECK: hal.executable.binary public @embedded_elf_x86_64
// CHECK-SAME: format = "embedded-elf-x86_64"
// CHECK-SAME: mime_type = "application/x-elf"

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
