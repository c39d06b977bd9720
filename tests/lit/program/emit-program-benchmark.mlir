// RUN: split-file %s %t
// RUN: ropt compile --target=llvm-cpu %t/ok.mlir -o %t/ok.so
// RUN: ropt-run inspect --json %t/ok.so | FileCheck %s
// RUN: not ropt compile --target=llvm-cpu %t/argument.mlir -o %t/no.so 2>&1 | FileCheck %s --check-prefix=ARGUMENT
// RUN: not ropt compile --target=llvm-cpu %t/key.mlir -o %t/no.so 2>&1 | FileCheck %s --check-prefix=KEY

// What a benchmark function measures is in the program's table, whichever dialect the function is of.
// CHECK:      "name": "f"
// CHECK:      "benchmark": {
// CHECK-NEXT:   "executable": "e",
// CHECK-NEXT:   "variant": "v",
// CHECK-NEXT:   "export": "k",
// CHECK-NEXT:   "workload": [
// CHECK-NEXT:     3,
// CHECK-NEXT:     4
// CHECK-NEXT:   ],
// CHECK-NEXT:   "bytes_read": 5,
// CHECK-NEXT:   "bytes_written": 6
// CHECK:      "name": "g"
// CHECK:        "workload": [],
// CHECK:      "name": "h"
// CHECK-NOT:  benchmark

// ARGUMENT: argument.mlir:1:1: error: benchmark function @f takes (i64)
// ARGUMENT: help: a function with the attribute `ropt.benchmark` takes one i32, the number of dispatches
// KEY: key.mlir:1:1: error: the attribute `ropt.benchmark` does not say what is measured
// KEY: help: it is {executable = "…", variant = "…", export = "…", workload = array<i64: …>, bytes_read = N : i64, bytes_written = N : i64}

//--- ok.mlir
util.func public @f(%n: i32) attributes {ropt.benchmark = {executable = "e", variant = "v", export = "k", workload = array<i64: 3, 4>, bytes_read = 5 : i64, bytes_written = 6 : i64}} {
  util.return
}
func.func public @g(%n: i32) attributes {ropt.benchmark = {executable = "e", variant = "v", export = "k", workload = array<i64>, bytes_read = 5 : i64, bytes_written = 6 : i64}} {
  return
}
func.func public @h(%n: i32) {
  return
}

//--- argument.mlir
func.func public @f(%n: i64) attributes {ropt.benchmark = {executable = "e", variant = "v", export = "k", workload = array<i64>, bytes_read = 5 : i64, bytes_written = 6 : i64}} {
  return
}

//--- key.mlir
func.func public @f(%n: i32) attributes {ropt.benchmark = {executable = "e", variant = "v", export = "k", workload = array<i64>, bytes = 5 : i64, bytes_written = 6 : i64}} {
  return
}
