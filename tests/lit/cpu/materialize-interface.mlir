// Dispatch tensors become tensors over the bindings' memory, and the store a destination.
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-configurations -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface))))' | FileCheck %s

// CHECK: bufferization.to_tensor %{{.*}} restrict : memref<64x128xf32> to tensor<64x128xf32>
// CHECK: linalg.matmul
// CHECK: bufferization.materialize_in_destination
// CHECK-NOT: dispatch.tensor.store

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
