// A kernel gets a schedule and its sizes; a user's own choice stays, if it can be made.
// RUN: ropt compile %s --target=vulkan-spirv --compile-to=executable-sources -o %t.mlir
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' | FileCheck %s
// RUN: sed 's/_f32() {/_f32() attributes {ropt.schedule = "plain"} {/' %t.mlir > %t.plain.mlir
// RUN: ropt %t.plain.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' | FileCheck %s --check-prefix=PLAIN
// RUN: sed 's/_f32() {/_f32() attributes {ropt.schedule = "wishful"} {/' %t.mlir > %t.wrong.mlir
// RUN: not ropt %t.wrong.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' 2>&1 | FileCheck %s --check-prefix=WRONG
// RUN: ropt %t.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' -o %t.chosen.mlir
// RUN: sed 's/workgroup = array/wrkgroup = array/' %t.chosen.mlir > %t.level.mlir
// RUN: not ropt %t.level.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' 2>&1 | FileCheck %s --check-prefix=LEVEL
// RUN: sed 's/workgroup = array<i64: 32, 32>/workgroup = array<i64: 32>/' %t.chosen.mlir > %t.count.mlir
// RUN: not ropt %t.count.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: sed 's/reduction = array<i64: 16>, //' %t.chosen.mlir > %t.lacks.mlir
// RUN: not ropt %t.lacks.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' 2>&1 | FileCheck %s --check-prefix=LACKS
// RUN: sed 's/thread = array<i64: 4, 4>/thread = array<i64: 5, 4>/' %t.chosen.mlir > %t.even.mlir
// RUN: not ropt %t.even.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' 2>&1 | FileCheck %s --check-prefix=EVEN
// RUN: sed 's/workgroup = array<i64: 32, 32>/workgroup = array<i64: 256, 256>/' %t.chosen.mlir > %t.many.mlir
// RUN: not ropt %t.many.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' 2>&1 | FileCheck %s --check-prefix=MANY
// RUN: sed 's/reduction = array<i64: 16>/reduction = array<i64: 128>/;s/workgroup = array<i64: 32, 32>/workgroup = array<i64: 128, 128>/' %t.chosen.mlir > %t.shared.mlir
// RUN: not ropt %t.shared.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(gpu-select-schedule))))' 2>&1 | FileCheck %s --check-prefix=SHARED

// CHECK: func.func @main_dispatch_0_matmul_64x32x128_f32() attributes {ropt.schedule = "matmul", ropt.tiles = {buffers = array<i64: 1>, reduction = array<i64: 16>, thread = array<i64: 4, 4>, workgroup = array<i64: 32, 32>}}
// CHECK: linalg.matmul {ropt.sink}
// PLAIN: ropt.schedule = "plain"
// PLAIN-NOT: ropt.sink
// WRONG: error: there is no schedule `wishful` for GPUs
// WRONG: schedules: cooperative-matrices, elements, matmul, plain, rows, tensor-cores, vectors
// LEVEL: error: ropt.tiles has a level `wrkgroup`, which the schedule `matmul` does not read
// LEVEL: levels of `matmul`, with the number of sizes: workgroup (2), thread (2), reduction (1), buffers (1)
// COUNT: error: ropt.tiles has [32] in `workgroup`
// LACKS: error: ropt.tiles lacks the level `reduction`
// EVEN: error: ropt.tiles of the schedule `matmul` can not be used: the parts split the workgroup's tile evenly
// MANY: error: ropt.tiles of the schedule `matmul` can not be used: a workgroup has at most 1024 threads
// SHARED: error: ropt.tiles of the schedule `matmul` can not be used: the tiles take at most 48 KiB of shared memory

func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x32xf32>) -> tensor<64x32xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%init : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %c : tensor<64x32xf32>
}
