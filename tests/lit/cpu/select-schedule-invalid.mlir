// RUN: not ropt %s --split-input-file --pass-pipeline='builtin.module(cpu-select-schedule)' 2>&1 | FileCheck %s

// CHECK: error: there is no schedule `matmull`
// CHECK: schedules: contraction, convolution,
// CHECK: help: --cpu-schedules=DIR names a folder
func.func @unknown() attributes {ropt.schedule = "matmull"} {
  return
}

// -----

// CHECK: error: ropt.tiles has the tile size -8 in `register`; sizes are 0 to 1048576
func.func @negative() attributes {ropt.schedule = "elementwise", ropt.tiles = {register = array<i64: -8>}} {
  return
}

// -----

// CHECK: error: ropt.tiles has a level that is no array<i64: …>: register = 8
func.func @number() attributes {ropt.schedule = "elementwise", ropt.tiles = {register = 8 : i64}} {
  return
}

// -----

// CHECK: error: ropt.tiles is no dictionary
func.func @list() attributes {ropt.schedule = "elementwise", ropt.tiles = [8]} {
  return
}

// -----

// CHECK: error: ropt.tiles has a level `regsiter`, which the schedule `elementwise` does not read
// CHECK: levels of `elementwise`: order, peel, register, scalar, workgroup
func.func @typo() attributes {ropt.schedule = "elementwise", ropt.tiles = {regsiter = array<i64: 8>}} {
  return
}

// -----

// CHECK: error: ropt.tiles has tiles of 16777216 elements in `register`, more than 16384
func.func @huge() attributes {ropt.schedule = "elementwise", ropt.tiles = {register = array<i64: 4096, 4096>}} {
  return
}

// -----

// CHECK: error: ropt.tiles has 3 sizes in `register`, but the op has 1 loops
// CHECK: `register` counts the loops of the op marked ropt.sink, outermost first
func.func @long(%a: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<8xf32> attributes {ropt.schedule = "elementwise", ropt.tiles = {register = array<i64: 1, 2, 4>}} {
  %0 = linalg.add {ropt.root, ropt.sink} ins(%a, %a : tensor<8xf32>, tensor<8xf32>) outs(%b : tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
