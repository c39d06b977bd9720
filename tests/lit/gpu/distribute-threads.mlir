// 4 x 510 elements are 2040 threads in 32 workgroups of 64; a thread finds its element by its number.
// RUN: ropt compile %s --target=vulkan-spirv --compile-to=executable-configurations -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,canonicalize,cse,gpu-tile-threads,canonicalize,cse,eliminate-empty-tensors,one-shot-bufferize,canonicalize,cse,fold-memref-alias-ops,canonicalize,cse,cpu-lower-copies,cpu-place-allocations,lower-affine,canonicalize,cse),gpu-distribute-threads,canonicalize)))' | FileCheck %s
// RUN: not ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(gpu-distribute-threads{threads=0})))' 2>&1 | FileCheck %s --check-prefix=ZERO

// CHECK-DAG: %[[X:.*]] = arith.constant 32 : index
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
// CHECK: hal.return %[[X]], %[[ONE]], %[[ONE]]
// CHECK: func.func @main_dispatch_0_matmul_4x510x128_f32() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>}
// CHECK: hal.interface.workgroup.id[0]
// CHECK: gpu.thread_id x
// CHECK: arith.cmpi ult
// CHECK: scf.if
// CHECK-NOT: scf.forall
// ZERO: error: threads and max-grid are at least 1

func.func @main(%a: tensor<4x128xf32>, %b: tensor<128x510xf32>) -> tensor<4x510xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x510xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x510xf32>) -> tensor<4x510xf32>
  %c = linalg.matmul ins(%a, %b : tensor<4x128xf32>, tensor<128x510xf32>) outs(%init : tensor<4x510xf32>) -> tensor<4x510xf32>
  return %c : tensor<4x510xf32>
}
