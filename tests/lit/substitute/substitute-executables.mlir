// What was dumped is given back, by folder: a remark for each executable, and the same program.
// RUN: rm -rf %t && mkdir -p %t
// RUN: ropt compile %s --target=llvm-cpu -o %t/a.so --hal-dump-executable-sources-to=%t/dump
// RUN: ropt compile %s --target=llvm-cpu -o %t/b.so --hal-substitute-executable-sources-from=%t/dump 2>&1 | FileCheck %s
// RUN: ropt-run run %t/b.so --input=64x128xf32=2 --input=128x32xf32=0.5 | FileCheck %s --check-prefix=NUMBERS

// CHECK: remark: executable @main_dispatch_0 is substituted by
// NUMBERS: 64x32xf32=[128 128 128

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
