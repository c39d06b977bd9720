// Executables are changed by a pipeline, or by a command that gets their text on stdin and prints it on stdout.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %s prog.mlir

// A pipeline sees a module with one executable.
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{pipeline=builtin.module(hal.executable(hal.executable.variant(builtin.module(func.func(cse)))))})' | FileCheck %s --check-prefix=CSE
// CSE: hal.executable private @x
// CSE: arith.constant 1 : i32
// CSE-NOT: arith.constant 1 : i32
// CSE: flow.dispatch @x::@x_f
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{pipeline=hal.executable(hal.executable.variant(builtin.module(func.func(cse))))})' | FileCheck %s --check-prefix=CSE
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command=builtin.module(hal.executable(hal.executable.variant(builtin.module(func.func(cse)))))})' | FileCheck %s --check-prefix=CSE

// A pipeline that meets nothing is told.
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{pipeline=builtin.module(func.func(cse))})' 2>&1 >/dev/null | FileCheck %s --check-prefix=NOTHING
// NOTHING: warning: `builtin.module(func.func(cse))` changes no executable
// NOTHING: help: it runs on a module with one executable

// A command; by IREE's names of the pass, too. Nothing else in the program is touched.
// RUN: ropt prog.mlir -o original.mlir
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="cat"})' -o same.mlir && diff original.mlir same.mlir
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(iree-hal-preprocess-executables-with-tool{command="sed s/42.:/43:/"})' | FileCheck %s --check-prefix=SED
// SED: arith.constant 43 : i32
// SED: hal.executable private @y
// SED: arith.constant 43 : i32
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="ropt --mlir-print-op-generic"})' -o generic.mlir && diff original.mlir generic.mlir

// What it says on stderr is shown.
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sh -c '\''echo careful >&2; cat'\''"})' 2>&1 >/dev/null | FileCheck %s --check-prefix=STDERR
// STDERR: prog.mlir:{{[0-9]+}}:{{[0-9]+}}: warning: the command `sh -c 'echo careful >&2; cat'` has something to say of executable @x
// STDERR: careful

// By flag, several in order, and by IREE's name of the flag.
// RUN: ropt compile prog.mlir "--hal-preprocess-executables-with=sed s/42.:/43:/" "--iree-hal-preprocess-executables-with=sed 's/43 : i32/44 : i32/'" --compile-to=executable-sources | FileCheck %s --check-prefix=TWICE
// TWICE: arith.constant 44 : i32
// RUN: ropt compile prog.mlir "--hal-preprocess-executables-with=sed s/42.:/43:/" "--iree-hal-preprocess-executables-with=sed 's/43 : i32/44 : i32/'" --compile-to=executable-sources --print-pipeline > pipeline
// RUN: FileCheck %s --check-prefix=TEXT --input-file=pipeline
// TEXT: hal-preprocess-executables{command={sed s/42.:/43:/} timeout-s=60 generic=false},hal-preprocess-executables{command="sed 's/43 : i32/44 : i32/'" timeout-s=60 generic=false}

module @prog {
  hal.executable private @x {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @x_f ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device) -> (index, index, index) {
        %c1 = arith.constant 1 : index
        hal.return %c1, %c1, %c1 : index, index, index
      }
      builtin.module {
        func.func @x_f() {
          %a = arith.constant 1 : i32
          %b = arith.constant 1 : i32
          %mark = arith.constant 42 : i32
          call @use(%a, %b, %mark) : (i32, i32, i32) -> ()
          return
        }
        func.func private @use(i32, i32, i32)
      }
    }
  }
  hal.executable private @y {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @y_f ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device) -> (index, index, index) {
        %c1 = arith.constant 1 : index
        hal.return %c1, %c1, %c1 : index, index, index
      }
      builtin.module {
        func.func @y_f() {
          %mark = arith.constant 42 : i32
          call @use(%mark) : (i32) -> ()
          return
        }
        func.func private @use(i32)
      }
    }
  }
  func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
    %r = flow.dispatch @x::@x_f(%a) : (tensor<4xf32>) -> %a
    return %r : tensor<4xf32>
  }
}
