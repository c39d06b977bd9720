// RUN: ropt %s --pass-pipeline='builtin.module(hal-emit-program{path=%t.so})' --split-input-file --verify-diagnostics
// RUN: not ls %t.so

// expected-error@below {{host code is not lowered yet}}
// expected-note@below {{help: run hal-lower-host before hal-emit-program}}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

func.func @main() attributes {ropt.arguments = [], ropt.results = []} {
  return
}
hal.executable private @e {
  // expected-error@below {{variant @v of executable @e has no binary}}
  // expected-note@below {{help: run hal-serialize-executables before}}
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64", {}>) {
  }
}

// -----

func.func @main() attributes {ropt.arguments = [], ropt.results = []} {
  return
}
// expected-error@below {{`util.global` has no place in a program}}
// expected-note@below {{help: run hal-lower-host before hal-emit-program}}
util.global private mutable @count = 10 : i32
