// RUN: ropt %s --pass-pipeline='builtin.module(hal-lower-host,hal-emit-program{path=%t.so})' -o %t.mlir
// RUN: ropt-run inspect %t.so | FileCheck %s --check-prefix=INSPECT
// RUN: llvm-readelf --dyn-syms %t.so | FileCheck %s --check-prefix=SYMBOLS
// RUN: FileCheck %s --check-prefix=KEPT < %t.mlir

// INSPECT: program
// INSPECT: main(tensor<4xf32>, i1) -> (tensor<4xf32>)
// INSPECT: a function!() -> ()
// INSPECT-NOT: helper
// INSPECT: exe
// INSPECT: embedded_elf_x86_64 (llvm-cpu, embedded-elf-x86_64, 3 bytes)
// INSPECT: 7: kernel, 2 constants

// SYMBOLS-DAG: ropt_runtime
// SYMBOLS-DAG: ropt_initialize
// SYMBOLS-DAG: ropt_fn_main
// SYMBOLS-DAG: ropt_fn_a$20function$21
// SYMBOLS-DAG: ropt_exe_0_0
// SYMBOLS-NOT: helper

// The module stays as it was.
// KEPT: func.func @main
// KEPT-NOT: llvm.func

module @program {
hal.executable private @exe {
  hal.executable.variant public @embedded_elf_x86_64 target(<"llvm-cpu", "embedded-elf-x86_64", {}>) {
    hal.executable.export public @kernel ordinal(7) layout(#hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer>]>)
    hal.executable.binary public @embedded_elf_x86_64 attributes {data = dense<[1, 2, 3]> : vector<3xi8>, format = "embedded-elf-x86_64", mime_type = "application/x-elf"}
  }
}
func.func private @helper() {
  return
}
func.func @main(%x: tensor<4xf32>, %b: i1) -> tensor<4xf32> {
  call @helper() : () -> ()
  return %x : tensor<4xf32>
}
func.func @"a function!"() {
  return
}
}
