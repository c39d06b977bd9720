// A failing pass of a plugin leaves a reproducer that fails in the same way.

// RUN: rm -f %t.repro
// RUN: not ropt %s --hal-form-dispatches --mlir-pass-pipeline-crash-reproducer=%t.repro -o %t 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=FILE < %t.repro
// RUN: not ropt %t.repro --run-reproducer -o %t 2>&1 | FileCheck %s
// CHECK: error: argument 0 of `func.func` has the type tensor<4xi4>, whose elements (i4) are not supported
// CHECK: note: help: use one of i1, i8
// FILE: pipeline: "builtin.module(hal-form-dispatches)"

func.func @f(%a: tensor<4xi4>) -> tensor<4xi4> {
  return %a : tensor<4xi4>
}
