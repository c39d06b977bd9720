// RUN: ropt %s --split-input-file --verify-diagnostics

#cpu = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">
func.func @workload(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{has a workload of 0 values, but its count region takes 1}}
  %0 = hal.dispatch.extern "main"(%a) : (tensor<4xf32>) -> tensor<4xf32>
    count(%device: !hal.device, %w: index) -> (index, index, index) { hal.return %w, %w, %w : index, index, index }
    layout(#hal.pipeline.layout<bindings = []>)
    objects({#cpu ordinal(0) = [#hal.executable.object<{path = "a.o"}>]})
  return %0 : tensor<4xf32>
}

// -----

func.func @targets(%a: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  // expected-error @+1 {{expected objects for at least one target, found none}}
  %0 = hal.dispatch.extern "main"[%n](%a) : (tensor<4xf32>) -> tensor<4xf32>
    count(%device: !hal.device, %w: index) -> (index, index, index) { hal.return %w, %w, %w : index, index, index }
    layout(#hal.pipeline.layout<bindings = []>) objects({})
  return %0 : tensor<4xf32>
}

// -----

#cpu = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">
func.func @objects(%a: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  // expected-error @+1 {{expected a list of #hal.executable.object<…> for each target, found []}}
  %0 = hal.dispatch.extern "main"[%n](%a) : (tensor<4xf32>) -> tensor<4xf32>
    count(%device: !hal.device, %w: index) -> (index, index, index) { hal.return %w, %w, %w : index, index, index }
    layout(#hal.pipeline.layout<bindings = []>) objects({#cpu ordinal(0) = []})
  return %0 : tensor<4xf32>
}

// -----

#cpu = #hal.executable.target<"llvm-cpu", "embedded-elf-x86_64">
func.func @kinds(%a: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  // expected-error @+1 {{expected #hal.executable.target<…>, found "cpu"}}
  %0 = "hal.dispatch.extern"(%n, %a) <{export_name = "main", layout = #hal.pipeline.layout<bindings = []>,
    operandSegmentSizes = array<i32: 1, 1, 0, 0>, targets = ["cpu"], target_ordinals = [0 : index],
    target_objects = [[#hal.executable.object<{path = "a.o"}>]]}> ({
  ^bb0(%device: !hal.device, %w: index):
    hal.return %w, %w, %w : index, index, index
  }, {}) : (index, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @query(%device: !hal.device) {
  // expected-error @+1 {{expected a default of its type 'i32', found 7 : i64}}
  %ok, %value = hal.device.query<%device : !hal.device> key("a" :: "b") : i1, i32 = 7 : i64
  return
}

// -----

hal.executable private @twice {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
    // expected-note @+1 {{the first}}
    hal.executable.constant.block() -> i32 as "a" {
      %c = arith.constant 1 : i32
      hal.return %c : i32
    }
    // expected-error @+1 {{gives key "a" a second time}}
    hal.executable.constant.block() -> i32 as "a" {
      %c = arith.constant 1 : i32
      hal.return %c : i32
    }
  }
}

// -----

hal.executable private @wide {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
    // expected-error @+1 {{expected i32 values, the words of a kernel's environment, found 'i64' for key "a"}}
    hal.executable.constant.block() -> i64 as "a" {
      %c = arith.constant 1 : i64
      hal.return %c : i64
    }
  }
}

// -----

hal.executable private @unknown {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
    // expected-note @+1 {{a block with ["a"]}}
    hal.executable.constant.block() -> i32 as "a" {
      %c = arith.constant 1 : i32
      hal.return %c : i32
    }
    builtin.module {
      func.func @k() {
        // expected-error @+1 {{loads "b", which no hal.executable.constant.block beside its module gives}}
        %0 = hal.executable.constant.load "b" : i32
        return
      }
    }
  }
}
