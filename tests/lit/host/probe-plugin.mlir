// A pass of a plugin that is named outright: every kind of option, statistics, an alias, errors and panics.

// RUN: ropt %s --load-plugin=%bin/libprobe_plugin.so --pass-pipeline='builtin.module(func.func(probe-options))' -o %t 2>&1 | FileCheck %s --check-prefix=DEFAULTS
// DEFAULTS: remark: text="some text" switch=false integer=-3 natural=18446744073709551615 real=0.1 shape=Square texts=[] integers=[]

// RUN: ropt %s --load-plugin=%bin/libprobe_plugin.so --pass-statistics --pass-pipeline='builtin.module(func.func(probe-alias{text=t switch=true integer=7 natural=8 real=2.5 shape=rounded-corner texts=a,b integers=-1,2}))' -o %t 2>&1 | FileCheck %s --check-prefix=GIVEN
// GIVEN: remark: text="t" switch=true integer=7 natural=8 real=2.5 shape=RoundedCorner texts=["a", "b"] integers=[-1, 2]
// GIVEN: probe-options
// GIVEN: 2 functions-seen

// RUN: not ropt %s --load-plugin=%bin/libprobe_plugin.so --pass-pipeline='builtin.module(func.func(probe-options{shape=round}))' -o %t 2>&1 | FileCheck %s --check-prefix=CHOICE
// CHOICE: error: `round` is no value for option `shape` of pass `probe-options`
// CHOICE: |                                              ^^^^^ not one of its values
// CHOICE: help: its values are square, rounded-corner

// RUN: not ropt %s --load-plugin=%bin/libprobe_plugin.so --pass-pipeline='builtin.module(func.func(probe-options{integer=x}))' -o %t 2>&1 | FileCheck %s --check-prefix=INTEGER
// INTEGER-NOT: invalid for long
// INTEGER: error: `x` is no value for option `integer` of pass `probe-options`
// INTEGER: |                                                ^ 'x' value invalid for long argument

// RUN: not ropt %s --load-plugin=%bin/libprobe_plugin.so --pass-pipeline='builtin.module(func.func(probe-panic))' -o %t 2>&1 | FileCheck %s --check-prefix=PANIC
// PANIC: error: pass `probe-panic` of plugin `probe` ({{.*}}libprobe_plugin.so) panicked: on purpose (at {{.*}}lib.rs:

// RUN: not ropt %s --load-plugin=%bin/libprobe_plugin.so --pass-pipeline='builtin.module(func.func(probe-fail))' -o %t 2>&1 | FileCheck %s --check-prefix=FAIL
// FAIL: probe-plugin.mlir:[[#]]:1: error: this function is refused
// FAIL: note: it is a test
// FAIL: note: help: remove it

// RUN: ropt passes show probe-options --load-plugin=%bin/libprobe_plugin.so | FileCheck %s --check-prefix=SHOW
// SHOW: Says what its options are.
// SHOW: shape=<square|rounded-corner> (default square)

func.func @f() {
  return
}
func.func @g() {
  return
}
