// Each executable becomes a program of its own with a function for each distinct dispatch.
// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks{path=d workloads=x::x_add=3,5})' -o after.mlir 2>said
// RUN: ls d | FileCheck %s --check-prefix=FILES
// RUN: FileCheck %s --check-prefix=X < d/prog_x_cpu_benchmark.mlir
// RUN: FileCheck %s --check-prefix=T < d/prog_t_cpu_benchmark.mlir
// RUN: FileCheck %s --check-prefix=SAID < said
// RUN: ropt program.mlir -o before.mlir && diff before.mlir after.mlir

// FILES: prog_t_cpu_benchmark.mlir
// FILES-NEXT: prog_x_cpu_benchmark.mlir
// FILES-NOT: {{.}}

// The executable, inputs filled before the first call, and the dispatch in a loop that writes to one buffer. The
// constants are the program's: the scalar 7, and the size.
// X: // Measures executable x, variant cpu.
// X: hal.executable private @x
// X: util.global private @benchmark_input_0_0 : tensor<3x8xf32>
// X: func.func private @benchmark_fill_0_0() -> tensor<3x8xf32>
// X: linalg.generic
// X: util.initializer
// X: %[[FILLED:.*]] = func.call @benchmark_fill_0_0()
// X: util.global.store %[[FILLED]], @benchmark_input_0_0
// X: func.func public @x_cpu_x_add_3(%[[BATCH:.*]]: i32) -> tensor<3x8xf32> attributes {ropt.benchmark = {bytes_read = 96 : i64, bytes_written = 96 : i64, executable = "x", export = "x_add", variant = "cpu", workload = array<i64: 3>}}
// X-DAG: %[[COUNT:.*]] = arith.index_cast %[[BATCH]] : i32 to index
// X-DAG: %[[LOAD:.*]] = arith.constant 3 : index
// X-DAG: %[[SEVEN:.*]] = arith.constant 7 : i32
// X-DAG: %[[IN:.*]] = util.global.load @benchmark_input_0_0
// X-DAG: %[[OUT:.*]] = tensor.empty() : tensor<3x8xf32>
// X: scf.for %{{.*}} = %{{.*}} to %[[COUNT]] step %{{.*}} iter_args(%[[TO:.*]] = %[[OUT]])
// X-NEXT: flow.dispatch @x::@x_add[%[[LOAD]]](%[[IN]], %[[SEVEN]], %[[TO]]) : (tensor<3x8xf32>, i32, tensor<3x8xf32>) -> %[[TO]]
// X: func.func public @x_cpu_x_add_5(
// X-NOT: func.func public

// Two dispatches of @t with the same operands are one function. Tied: the result is written over a copy of the
// operand, which the loop carries. The same tensor twice: one buffer, in both shapes.
// T: util.global private @benchmark_input_0_0 : tensor<4x2xf32>
// T-NOT: util.global private
// T: func.func public @t_cpu_twice(%{{.*}}: i32) -> tensor<8xf32> attributes {ropt.benchmark = {bytes_read = 32 : i64, bytes_written = 32 : i64
// T: %[[BUFFER:.*]] = util.global.load @benchmark_input_0_0
// T: %[[FLAT:.*]] = tensor.collapse_shape %[[BUFFER]] {{\[\[}}0, 1]] : tensor<4x2xf32> into tensor<8xf32>
// T: flow.dispatch @t::@twice(%[[BUFFER]], %[[FLAT]], %{{.*}})
// T: util.global private @benchmark_input_1_0 : tensor<8xi32>
// T-NOT: util.global private
// T: func.func public @t_cpu_tied(%{{.*}}: i32) -> tensor<8xi32>
// T: %[[BUFFER:.*]] = util.global.load @benchmark_input_1_0
// T: scf.for {{.*}} iter_args(%[[CARRIED:.*]] = %[[BUFFER]])
// T-NEXT: flow.dispatch @t::@tied(%[[CARRIED]]) : (tensor<8xi32>) -> %[[CARRIED]]
// T-NOT: func.func public

// Every dispatch without a benchmark is named, with place and reason.
// SAID: program.mlir:2:3: warning: no benchmark for export @unused of executable @t: nothing dispatches it
// SAID: program.mlir:38:10: warning: no benchmark for this dispatch of @open: workload value 0 is known only at run time
// SAID: help: the workload is (dimension 0 of argument 0); give it with --hal-benchmark-workload=u::open=N, or take it from a recorded run: `ropt-run run PROGRAM --record-workloads=FILE`
// SAID: program.mlir:39:10: warning: no benchmark for this dispatch of @number: argument 0, the constant of type i32, is known only at run time
// SAID: program.mlir:40:10: warning: no benchmark for this dispatch of @empty: its results have no elements

// Upper bounds that the program states are taken, and said.
// RUN: ropt bounds.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks{path=-})' -o /dev/null 2>&1 | FileCheck %s --check-prefix=BOUNDS
// BOUNDS-DAG: remark: benchmark of @x_add: its sizes are taken at their upper bounds: workload 96
// BOUNDS-DAG: func.func public @x_cpu_x_add_96(

// Mistakes.
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks)' 2>&1 | FileCheck %s --check-prefix=NO-PATH
// NO-PATH: error: hal-dump-executable-benchmarks needs a folder
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks{path=e workloads=x::x_add=3x4})' 2>&1 | FileCheck %s --check-prefix=RANK
// RANK: program.mlir:37:10: error: workload 3x4 has 2 values, the dispatch of @x_add takes 1
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks{path=e workloads=x::x_ad=3})' 2>&1 | FileCheck %s --check-prefix=EXPORT
// EXPORT: error: there is no export of executable @x with the name `x_ad`
// EXPORT: help: did you mean `x_add`?
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks{path=e executables=xx})' 2>&1 | FileCheck %s --check-prefix=EXECUTABLE
// EXECUTABLE: error: there is no executable `xx` to measure
// EXECUTABLE: help: {{.*}}`x`
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks{path=e workloads=3x4})' 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: `3x4` does not say which export it is for
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks{path=e workloads-from=program.mlir})' 2>&1 | FileCheck %s --check-prefix=RECORD
// RECORD: error: `program.mlir` is no recorded run
// RUN: not ropt program.mlir --pass-pipeline='builtin.module(hal-dump-executable-benchmarks{path=program.mlir})' 2>&1 | FileCheck %s --check-prefix=FILE
// FILE: error: `program.mlir` is a file, a folder is wanted

//--- program.mlir
module @prog {
  hal.executable private @t {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @twice ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>)
      hal.executable.export public @tied ordinal(1) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>)
      hal.executable.export public @unused ordinal(2) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>)
    }
  }
  hal.executable private @u {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @open ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device, %w: index) -> (index, index, index) {
        hal.return %w, %w, %w : index, index, index
      }
      hal.executable.export public @number ordinal(1) layout(#hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer>]>)
      hal.executable.export public @empty ordinal(2) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>)
    }
  }
  hal.executable private @x {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @x_add ordinal(0) layout(#hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device, %w: index) -> (index, index, index) {
        %c1 = arith.constant 1 : index
        hal.return %w, %c1, %c1 : index, index, index
      }
    }
    hal.executable.variant public @other target(<"llvm-cpu", "static", {cpu = "generic"}>) {
      hal.executable.export public @x_mul ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>)
    }
  }
  func.func @main(%a: tensor<?x8xf32>, %b: tensor<8xi32>, %c: tensor<4x2xf32>, %i: i32) -> (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi32>, tensor<?x8xf32>, tensor<2xf32>, tensor<0xf32>) {
    %c0 = arith.constant 0 : index
    %n = tensor.dim %a, %c0 : tensor<?x8xf32>
    %seven = arith.constant 7 : i32
    %flat = tensor.collapse_shape %c [[0, 1]] : tensor<4x2xf32> into tensor<8xf32>
    %0 = flow.dispatch @t::@twice(%c, %flat) : (tensor<4x2xf32>, tensor<8xf32>) -> tensor<8xf32>
    %1 = flow.dispatch @t::@twice(%c, %flat) : (tensor<4x2xf32>, tensor<8xf32>) -> tensor<8xf32>
    %2 = flow.dispatch @t::@tied(%b) : (tensor<8xi32>) -> %b
    %3 = flow.dispatch @x::@x_add[%n](%a, %seven) : (tensor<?x8xf32>{%n}, i32) -> tensor<?x8xf32>{%n}
    %4 = flow.dispatch @u::@open[%n](%a) : (tensor<?x8xf32>{%n}) -> tensor<?x8xf32>{%n}
    %5 = flow.dispatch @u::@number(%i) : (i32) -> tensor<2xf32>
    %6 = flow.dispatch @u::@empty() : () -> tensor<0xf32>
    return %3, %0, %1, %2, %4, %5, %6 : tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi32>, tensor<?x8xf32>, tensor<2xf32>, tensor<0xf32>
  }
}

//--- bounds.mlir
module {
  hal.executable private @x {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @x_add ordinal(0) layout(#hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device, %w: index) -> (index, index, index) {
        hal.return %w, %w, %w : index, index, index
      }
    }
  }
  func.func @main(%a: tensor<?x8xf32>) -> tensor<?x8xf32> {
    %c0 = arith.constant 0 : index
    %d = tensor.dim %a, %c0 : tensor<?x8xf32>
    %n = util.assume.int %d<umin = 1, umax = 100, udiv = 16> : index
    %r = flow.dispatch @x::@x_add[%n](%a, %n) : (tensor<?x8xf32>{%d}, index) -> tensor<?x8xf32>{%d}
    return %r : tensor<?x8xf32>
  }
}
