// A kernel whose result is one op's is spread over the result's elements; a user's own choice stays, if it can be made.
// RUN: ropt compile %s --target=vulkan-spirv --compile-to=executable-sources -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' | FileCheck %s
// RUN: sed 's/_f32() {/_f32() attributes {ropt.schedule = "plain"} {/' %t.mlir > %t.plain.mlir
// RUN: ropt %t.plain.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' | FileCheck %s --check-prefix=PLAIN
// RUN: sed 's/_f32() {/_f32() attributes {ropt.schedule = "wishful"} {/' %t.mlir > %t.wrong.mlir
// RUN: not ropt %t.wrong.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' 2>&1 | FileCheck %s --check-prefix=WRONG

// CHECK: func.func @main_dispatch_0_matmul_64x32x128_f32() attributes {ropt.schedule = "elements"}
// CHECK: linalg.matmul {ropt.sink}
// PLAIN: ropt.schedule = "plain"
// PLAIN-NOT: ropt.sink
// WRONG: error: there is no schedule `wishful` for GPUs
// WRONG: schedules: elements, plain

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
