// Commas separate the entries of a list option; an entry that holds one is quoted. A flag of `ropt compile` with one
// value holds its commas without quotes, and the printed pipeline quotes them.

// RUN: ropt %s --load-plugin=%bin/libprobe_plugin.so --pass-pipeline="builtin.module(func.func(probe-options{texts={'a,b',c}}))" -o %t 2>&1 | FileCheck %s --check-prefix=OPTION
// OPTION: texts=["a,b", "c"]

// MLIR prints the option so that it reads back the same.
// RUN: ropt %s --load-plugin=%bin/libprobe_plugin.so --pass-pipeline="builtin.module(func.func(probe-options{texts={'a,b',c}}))" --mlir-pass-pipeline-crash-reproducer=%t.none --dump-pass-pipeline -o %t 2>&1 | FileCheck %s --check-prefix=DUMP
// DUMP: texts={'a,b',c}

// RUN: rm -rf %t.dir && mkdir -p %t.dir/with,comma
// RUN: ropt compile %s --target=llvm-cpu -o %t.so --hal-dump-executable-sources-to=%t.dir/with,comma
// RUN: ls %t.dir/with,comma | FileCheck %s --check-prefix=FILES
// FILES: module_main_dispatch_0.mlir
// RUN: ropt compile %s --target=llvm-cpu -o %t.so --hal-substitute-executable-sources-from=%t.dir/with,comma 2>&1 | FileCheck %s --check-prefix=GIVEN
// GIVEN: executable @main_dispatch_0 is substituted by {{.*}}with,comma/module_main_dispatch_0.mlir
// RUN: ropt compile %s --target=llvm-cpu -o %t.so --hal-substitute-executable-source=main_dispatch_0=%t.dir/with,comma/module_main_dispatch_0.mlir 2>&1 | FileCheck %s --check-prefix=GIVEN
// RUN: ropt compile %s --target=llvm-cpu -o %t.so --hal-substitute-executable-sources-from=%t.dir/with,comma --print-pipeline > %t.pipeline
// RUN: FileCheck %s --check-prefix=PRINTED < %t.pipeline
// PRINTED: search-path={"{{.*}}with,comma"}
// RUN: ropt %s --pass-pipeline="builtin.module(hal-form-dispatches,hal-substitute-executables{search-path={'%t.dir/with,comma'}})" -o %t.ir 2>&1 | FileCheck %s --check-prefix=GIVEN

// RUN: not ropt compile %s --target=llvm-cpu -o %t.so --hal-substitute-executable-sources-from='odd}' 2>&1 | FileCheck %s --check-prefix=ODD
// ODD: error: `odd}` cannot be written in a pipeline
// ODD: note: it is the value of search-path of hal-substitute-executables
// ODD: help: rename the file or folder

// RUN: ropt passes show hal-substitute-executables | FileCheck %s --check-prefix=SHOW
// SHOW: Commas separate the entries of a list; one that holds a comma is quoted

func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {
  %empty = tensor.empty() : tensor<8xf32>
  %e = linalg.exp ins(%a : tensor<8xf32>) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
  return %e : tensor<8xf32>
}
