// mlir-opt's flags work on passes of plugins and of MLIR alike.

// RUN: ropt %s --pass-pipeline='builtin.module(hal-form-dispatches,canonicalize)' --mlir-timing --mlir-timing-display=list -o %t 2>&1 | FileCheck %s --check-prefix=TIMING
// TIMING-DAG: hal-form-dispatches
// TIMING-DAG: Canonicalizer

// RUN: ropt %s --hal-form-dispatches --canonicalize --mlir-print-ir-after-all -o %t 2>&1 | FileCheck %s --check-prefix=PRINT
// PRINT: IR Dump After hal-form-dispatches (hal-form-dispatches)
// PRINT: IR Dump After Canonicalizer (canonicalize)

// RUN: rm -rf %t.tree && ropt %s --hal-form-dispatches --mlir-print-ir-after-all --mlir-print-ir-tree-dir=%t.tree -o %t
// RUN: find %t.tree -name '*hal-form-dispatches.mlir' | FileCheck %s --check-prefix=TREE
// TREE: hal-form-dispatches.mlir

// RUN: ropt %s --hal-form-dispatches --emit-bytecode -o %t.mlirbc
// RUN: ropt %t.mlirbc | FileCheck %s --check-prefix=DISPATCH
// DISPATCH: hal.executable.source private @main_dispatch_0
// DISPATCH: flow.dispatch @main_dispatch_0::

// RUN: ropt %s --hal-form-dispatches --pass-statistics -o %t 2>&1 | FileCheck %s --check-prefix=STATISTICS
// STATISTICS: hal-form-dispatches
// STATISTICS: (S) {{ *}}1 executables

// RUN: not ropt %s --no-such-flag 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: unknown flag `--no-such-flag`

// RUN: not ropt %s --load-pass-plugin=%t.absent.so 2>&1 | FileCheck %s --check-prefix=PLUGIN
// RUN: not ropt %s --load-dialect-plugin=%t.absent.so 2>&1 | FileCheck %s --check-prefix=PLUGIN
// PLUGIN: error: cannot load --load-{{pass|dialect}}-plugin={{.*}}absent.so: {{.*}}No such file

func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {
  %r = arith.addf %a, %a : tensor<8xf32>
  return %r : tensor<8xf32>
}
