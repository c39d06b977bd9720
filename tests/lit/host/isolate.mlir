// An isolated pass looks like any other: results, what is printed around it, remarks with their places, counters, times.

// DEFINE: %{how} = --mlir-disable-threading --mlir-print-ir-after-all --mlir-print-debuginfo --pass-statistics --pass-pipeline='builtin.module(func.func(canonicalize,hostile-not{word="it, is"}),cse)'
// RUN: ropt %s --load-plugin=%bin/libhostile_passes.so --isolate=none %{how} -o %t.none 2> %t.none.said
// RUN: ropt %s --load-plugin=%bin/libhostile_passes.so --isolate=fork %{how} -o %t.fork 2> %t.fork.said
// RUN: ropt %s --load-plugin=%bin/libhostile_passes.so --isolate=hostile=process %{how} -o %t.process 2> %t.process.said
// RUN: diff %t.none %t.fork
// RUN: diff %t.none %t.process
// RUN: diff %t.none.said %t.fork.said
// RUN: diff %t.none.said %t.process.said
// RUN: FileCheck %s < %t.process.said

// CHECK: IR Dump After hostile-not
// CHECK: func.func @f{{.*}} attributes {seen}
// CHECK: isolate.mlir:[[#]]:1: remark: it, is
// CHECK: (S) 2 functions

// RUN: ropt %s --load-plugin=%bin/libhostile_passes.so --isolate=process --mlir-timing --mlir-timing-display=list --pass-pipeline='builtin.module(func.func(hostile-not))' -o %t 2>&1 | FileCheck %s --check-prefix=TIMING
// TIMING: hostile-not

// What a diagnostic is expected to say is heard from there, too.
// RUN: ropt %s --load-plugin=%bin/libhostile_passes.so --isolate=fork --verify-diagnostics --pass-pipeline='builtin.module(func.func(hostile-not{word=expected}))' -o %t
// RUN: ropt %s --load-plugin=%bin/libhostile_passes.so --isolate=process --verify-diagnostics --pass-pipeline='builtin.module(func.func(hostile-not{word=expected}))' -o %t

// expected-remark @+1 {{expected}}
func.func @f(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = arith.addf %a, %a : tensor<8xf32>
  %1 = arith.mulf %0, %a : tensor<8xf32>
  return %1 : tensor<8xf32>
}
// expected-remark @+1 {{expected}}
func.func @g(%a: i32) -> i32 {
  %c = arith.constant 0 : i32
  %0 = arith.addi %a, %c : i32
  return %0 : i32
}
