// A module is given to a command, wherever in a pipeline: the program, or the kernels of a variant.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %s prog.mlir && ropt prog.mlir -o original.mlir

// RUN: ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{command=cat})' | diff original.mlir -
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{command=cat generic=true})' | diff original.mlir -
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{command="sed s/42.:/43:/"})' | FileCheck %s --check-prefix=ALL
// ALL: module @prog attributes {some.mark}
// ALL: arith.constant 43 : i32
// ALL: arith.constant 43 : i32
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(module-run-command{command="sed s/42.:/43:/"}))))' | FileCheck %s --check-prefix=KERNEL
// KERNEL: func.func @host
// KERNEL: arith.constant 42 : i32
// KERNEL: hal.executable private @x
// KERNEL: arith.constant 43 : i32

// What the command changes of the module itself is taken too.
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{command="sed s/some.mark/other.mark/"})' | FileCheck %s --check-prefix=MARK
// MARK: module @prog attributes {other.mark}

// Passes behind it see what came back.
// RUN: ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{command="ropt --mlir-print-op-generic"},func.func(canonicalize))' | FileCheck %s --check-prefix=BEHIND
// BEHIND: func.func @host() -> i32
// BEHIND-NEXT: arith.constant 42 : i32
// BEHIND-NEXT: return

// Mistakes leave the module as it was and say what the command said.
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(module-run-command)' 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: module-run-command needs a command
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{command=no-such-program})' 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: error: cannot change the module by the command `no-such-program`: there is no program `no-such-program`
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{command=./prog.mlir})' 2>&1 | FileCheck %s --check-prefix=MODE
// MODE: by the command `./prog.mlir`: it does not start: Permission denied
// MODE: help: make it executable with chmod +x, or name another program
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{command="echo nonsense"})' 2>&1 | FileCheck %s --check-prefix=GARBAGE
// GARBAGE: error: cannot change the module by the command `echo nonsense`: what it printed cannot be read as IR
// GARBAGE: help: it must print the whole module
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{generic=true command="ropt --no-such-flag"})' 2>&1 | FileCheck %s --check-prefix=FAILED
// FAILED: error: cannot change the module by the command `ropt --no-such-flag`: it ended with exit code 2
// FAILED: note: stderr: {{.*}}no-such-flag
// FAILED: help: an op or an attribute that its MLIR does not know is named above
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(module-run-command{timeout-s=1 command="sleep 60"})' 2>&1 | FileCheck %s --check-prefix=SLOW
// SLOW: it took longer than 1 s

module @prog attributes {some.mark} {
  func.func @host() -> i32 {
    %unused = arith.constant 1 : i32
    %mark = arith.constant 42 : i32
    return %mark : i32
  }
  hal.executable private @x {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @x_f ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device) -> (index, index, index) {
        %c1 = arith.constant 1 : index
        hal.return %c1, %c1, %c1 : index, index, index
      }
      builtin.module {
        func.func @x_f() {
          %mark = arith.constant 42 : i32
          call @use(%mark) : (i32) -> ()
          return
        }
        func.func private @use(i32)
      }
    }
  }
}
