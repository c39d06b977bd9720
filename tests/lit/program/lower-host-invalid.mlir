// RUN: ropt %s --hal-lower-host --split-input-file --verify-diagnostics

// expected-error@below {{executable @e has no target yet}}
// expected-note@below {{help: run hal-assign-targets}}
hal.executable.source private @e {
  hal.executable.export public @k layout(#hal.pipeline.layout<bindings = []>)
  builtin.module {
  }
}

// -----

hal.executable private @e {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64", {}>) {
    // expected-error@below {{variant @v of executable @e is not compiled}}
    // expected-note@below {{help: run hal-translate-executables and hal-serialize-executables}}
    builtin.module {
    }
  }
}

// -----

// expected-error@below {{function @outside has no body}}
// expected-note@below {{help: a program calls nothing outside of itself}}
func.func private @outside()

// -----

// expected-error@below {{argument 1 of @main has type tensor<4xi4>}}
// expected-note@below {{expected a scalar or a ranked tensor of}}
func.func @main(%a: i32, %b: tensor<4xi4>) {
  return
}

// -----

// expected-error@below {{names that start with `ropt.` belong to the runtime}}
// expected-note@below {{help: rename @ropt.copy}}
func.func @ropt.copy() {
  return
}

// -----

func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{there is no executable @gone}}
  %0 = flow.dispatch @gone::@k(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

hal.executable private @e {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64", {}>) {
    // expected-note@below {{the export}}
    hal.executable.export public @k layout(#hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%device: !hal.device) -> (index, index, index) {
      %c1 = arith.constant 1 : index
      hal.return %c1, %c1, %c1 : index, index, index
    }
  }
}
func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{gives 2 tensors and 0 words of constants, but the layout of @e::@k has 1 bindings and 1 words of constants}}
  %0 = flow.dispatch @e::@k(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@below {{`tosa.tanh` in @main is not supported on the host}}
  // expected-note@below {{help: ops on tensors belong in an executable: run hal-form-dispatches before}}
  %0 = tosa.tanh %a : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error@below {{global @g has type tensor<?xi7>}}
// expected-note@below {{expected a scalar or a ranked tensor of i1}}
util.global private mutable @g : tensor<?xi7>
func.func @main() {
  return
}
