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
