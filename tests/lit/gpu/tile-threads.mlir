// The result becomes a loop over its elements; each takes a row and a column.
// RUN: ropt compile %s --target=vulkan-spirv --compile-to=executable-configurations -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,canonicalize,cse,gpu-tile-threads,canonicalize,cse))))' | FileCheck %s
// RUN: sed 's/linalg.matmul {ropt.sink}/linalg.matmul/' %t.mlir > %t.unmarked.mlir
// RUN: not ropt %t.unmarked.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(cpu-materialize-interface,canonicalize,cse,gpu-tile-threads,canonicalize,cse))))' 2>&1 | FileCheck %s --check-prefix=UNMARKED

// CHECK: scf.forall (%[[I:.*]], %[[J:.*]]) in (4, 512)
// CHECK: tensor.extract_slice %{{.*}}[%[[I]], 0] [1, 128] [1, 1]
// CHECK: linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<1x128xf32>, tensor<128x1xf32>)
// UNMARKED: error: no op of the kernel carries ropt.sink
// UNMARKED: help: mark the op whose result is stored, or write ropt.schedule = "plain"

func.func @main(%a: tensor<4x128xf32>, %b: tensor<128x512xf32>) -> tensor<4x512xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x512xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x512xf32>) -> tensor<4x512xf32>
  %c = linalg.matmul ins(%a, %b : tensor<4x128xf32>, tensor<128x512xf32>) outs(%init : tensor<4x512xf32>) -> tensor<4x512xf32>
  return %c : tensor<4x512xf32>
}
