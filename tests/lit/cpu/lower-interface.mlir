// Bindings and workgroup ids come out of the structures of a CPU kernel's arguments.
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-configurations -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-decompose-ops,canonicalize,cse,cpu-materialize-interface,canonicalize,cse,cpu-apply-schedule,canonicalize,cse,eliminate-empty-tensors,one-shot-bufferize,canonicalize,cse,fold-memref-alias-ops,canonicalize,cse,cpu-lower-copies,buffer-deallocation-pipeline,cpu-place-allocations,lower-affine,canonicalize,cse),cpu-distribute-workgroups,builtin.module(cpu-lower-vectors,cpu-lower-interface))))' | FileCheck %s

// CHECK: func.func private @main_dispatch_0_matmul_64x32x128_f32__body(%{{.*}}: !llvm.ptr
// CHECK-NOT: hal.interface.binding.subspan

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
