// What a command or pipeline does wrong is said with its own words, and the program stays as it was.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %s prog.mlir

// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sh -c '\''echo oh no >&2; exit 3'\''"})' 2>&1 | FileCheck %s --check-prefix=STATUS
// STATUS: prog.mlir:{{[0-9]+}}:{{[0-9]+}}: error: cannot preprocess executable @x by the command `sh -c 'echo oh no >&2; exit 3'`: it ended with exit code 3
// STATUS: stderr: oh no
// STATUS: help: run it by itself on what --hal-dump-executable-sources-to=DIR writes

// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sh -c '\''kill -9 $$'\''"})' 2>&1 | FileCheck %s --check-prefix=SIGNAL
// SIGNAL: it was ended by signal 9
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="no-such-tool --flag"})' 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: there is no program `no-such-tool`
// MISSING: help: give its path, or set PATH
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="%t/prog.mlir"})' 2>&1 | FileCheck %s --check-prefix=START
// START: it does not start: Permission denied

// The limit holds for what the command leaves running, too.
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sh -c '\''sleep 1000 | cat'\''" timeout-s=1})' 2>&1 | FileCheck %s --check-prefix=SLOW
// SLOW: it took longer than 1 s
// SLOW: help: raise the limit with --hal-preprocess-executables-timeout-s
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sh -c '\''sleep 1000 & true'\''"})' 2>&1 | FileCheck %s --check-prefix=SILENT
// SILENT: it printed nothing on stdout

// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="yes"})' 2>&1 | FileCheck %s --check-prefix=LARGE
// LARGE: it printed more than 256 MiB
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="echo hello"})' 2>&1 | FileCheck %s --check-prefix=TEXT
// TEXT: error: cannot preprocess executable @x: what it printed cannot be read as IR
// TEXT: x.preprocessed.mlir:1:1: note: custom op 'hello' is unknown
// TEXT: changed by the command `echo hello`
// TEXT: help: it must print the executable, in this version of MLIR's text or in generic form
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="echo module"})' 2>&1 | FileCheck %s --check-prefix=CUT
// CUT: what it printed cannot be read as IR
// RUN: echo 'func.func @f() { return }' > functions.mlir
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="cat functions.mlir"})' 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: what it printed holds no hal.executable, only functions

// Name and interface stay.
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sed s/@x/@z/"})' 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: executable @z came back, expected @x
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sed s/@f/@g/"})' 2>&1 | FileCheck %s --check-prefix=EXPORT
// EXPORT: it exports @g, expected @f
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sed s/@cpu/@other/"})' 2>&1 | FileCheck %s --check-prefix=VARIANT
// VARIANT: variant @cpu did not come back, only @other
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sed s/llvm-cpu/cuda/"})' 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: variant @cpu is for <"cuda", "embedded-elf-x86_64">, the executable has @cpu for <"llvm-cpu"
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sed s/storage_buffer/uniform_buffer/"})' 2>&1 | FileCheck %s --check-prefix=LAYOUT
// LAYOUT: binding 0 of export @f is uniform_buffer, expected storage_buffer
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sed s/4xf32/5xf32/"})' 2>&1 | FileCheck %s --check-prefix=SIZE
// SIZE: the body of export @f takes binding 0 as 5xf32, expected 4xf32
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{command="sed s/hal.device,/hal.device,%%arg9:index,/"})' 2>&1 | FileCheck %s --check-prefix=COUNT
// COUNT: the count region of export @f takes 2 workload values, expected 1 workload value
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{pipeline=builtin.module(hal.executable(strip-debuginfo,symbol-privatize),symbol-dce)})' 2>&1 | FileCheck %s --check-prefix=DROPPED
// DROPPED: cannot preprocess executable @x: 0 executables came back, expected one
// DROPPED: changed by the pipeline

// Options.
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables)' 2>&1 | FileCheck %s --check-prefix=NEITHER
// NEITHER: error: hal-preprocess-executables needs a pipeline or a command
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{pipeline=builtin.module(cse) command=cat})' 2>&1 | FileCheck %s --check-prefix=BOTH
// BOTH: error: hal-preprocess-executables takes a pipeline or a command, not both
// RUN: not ropt prog.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{pipeline=builtin.module(no-such-pass)})' 2>&1 | FileCheck %s --check-prefix=PASS
// PASS: no-such-pass
// RUN: not ropt compile prog.mlir --compile-to=executable-sources "--hal-preprocess-executables-with=sed 's/a" 2>&1 | FileCheck %s --check-prefix=QUOTE
// QUOTE: the command `sed 's/a` cannot be taken apart: missing closing quote
// RUN: not ropt compile prog.mlir --compile-to=executable-sources "--hal-preprocess-executables-with=sed s/{//" 2>&1 | FileCheck %s --check-prefix=BRACE
// BRACE: error: `sed s/{//` cannot be written in a pipeline
// BRACE: help: {{.*}}put a command into a script

module @prog {
  hal.executable private @x {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @f ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device, %w: index) -> (index, index, index) {
        hal.return %w, %w, %w : index, index, index
      }
      builtin.module {
        func.func @f() {
          %c0 = arith.constant 0 : index
          %0 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>]>) binding(0) offset(%c0) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4xf32>>
          return
        }
      }
    }
  }
  func.func @main(%a: tensor<4xf32>, %w: index) -> tensor<4xf32> {
    %r = flow.dispatch @x::@f[%w](%a) : (tensor<4xf32>) -> %a
    return %r : tensor<4xf32>
  }
}
