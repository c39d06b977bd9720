// RUN: ropt %s --split-input-file --verify-diagnostics

// expected-error@below {{expected a string 'path' in an executable object}}
func.func private @f() attributes {t.a = #hal.executable.object<{}>}

// -----

// expected-error@below {{unknown field 'size' in an executable object; it has 'path' and 'data'}}
func.func private @f() attributes {t.a = #hal.executable.object<{path = "a", size = 1}>}

// -----

// expected-error@below {{expected an executable object with a path, with data or with both, found neither}}
func.func private @f() attributes {t.a = #hal.executable.object<{path = ""}>}

// -----

// expected-error@below {{expected #hal.executable.object<…>, found 1 : i64}}
func.func private @f() attributes {t.a = #hal.executable.objects<{#hal.executable.target<"a", "b"> = [1]}>}

// -----

// expected-error@below {{expected at least 0 constants in a pipeline layout, found -1}}
func.func private @f() attributes {t.a = #hal.pipeline.layout<constants = -1, bindings = []>}

// -----

// expected-error@below {{expected a configuration {…} and then a list of #hal.executable.target<…>, found 1 : i64}}
func.func private @f() attributes {t.a = #hal.device.target<"local", 1> : !hal.device}

// -----

hal.executable @e {
  // expected-error@below {{'func.func' op stands in hal.executable @e, which holds hal.executable.variant and hal.executable.binary only}}
  func.func @f() { return }
}

// -----

// expected-error@below {{op expects parent op 'hal.executable'}}
hal.executable.variant @v target(<"a", "b">) {
}

// -----

hal.executable @e {
  // expected-error@below {{expected #hal.executable.object<…> in its objects, found 1 : i64}}
  hal.executable.variant @v target(<"a", "b">) objects([1]) {
  }
}

// -----

hal.executable @e {
  // expected-error@below {{expected at most one inner module, found 2}}
  hal.executable.variant @v target(<"a", "b">) {
    builtin.module {}
    builtin.module {}
  }
}

// -----

hal.executable @e {
  // expected-error@below {{expected at most one hal.executable.condition, found 2}}
  hal.executable.variant @v target(<"a", "b">) {
    hal.executable.condition(%device: !hal.device) -> i1 {
      %true = arith.constant true
      hal.return %true : i1
    }
    hal.executable.condition(%device: !hal.device) -> i1 {
      %true = arith.constant true
      hal.return %true : i1
    }
  }
}

// -----

hal.executable @e {
  // expected-error@below {{expected at most one hal.executable.binary, found 2}}
  hal.executable.variant @v target(<"a", "b">) {
    hal.executable.binary @a <format = "f", data = dense<1> : vector<1xi8>>
    hal.executable.binary @b <format = "f", data = dense<1> : vector<1xi8>>
  }
}

// -----

hal.executable @e {
  hal.executable.variant @v target(<"a", "b">) {
    // expected-note@below {{the other export}}
    hal.executable.export @a ordinal(0) layout(#hal.pipeline.layout<bindings = []>)
    // expected-error@below {{has ordinal 0, as export @a of the same variant has}}
    hal.executable.export @b ordinal(0) layout(#hal.pipeline.layout<bindings = []>)
  }
}

// -----

hal.executable.source @e {
  // expected-error@below {{expected an ordinal of at least 0, found -1}}
  hal.executable.export @a ordinal(-1) layout(#hal.pipeline.layout<bindings = []>)
}

// -----

hal.executable.source @e {
  // expected-error@below {{expected three integers as its workgroup_size, found [1 : index]}}
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) <workgroup_size = [1 : index]>
}

// -----

hal.executable.source @e {
  // expected-error@below {{unknown property 'size'}}
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) <size = 1>
}

// -----

hal.executable.source @e {
  // expected-error@below {{expected !hal.device as the first argument of its count region, found ('index')}}
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) count(%w: index) -> (index, index, index) {
    hal.return %w, %w, %w : index, index, index
  }
}

// -----

hal.executable.source @e {
  // expected-error@below {{expected only index values after !hal.device in the arguments of its count region, found ('!hal.device', 'i32')}}
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) count(%d: !hal.device, %w: i32) -> (index, index, index) {
    %c = arith.constant 1 : index
    hal.return %c, %c, %c : index, index, index
  }
}

// -----

hal.executable.source @e {
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) count(%d: !hal.device, %w: index) -> (index, index) {
    // expected-error@below {{expected ('index', 'index', 'index') as the results of the count region, found ('index', 'index')}}
    hal.return %w, %w : index, index
  }
}

// -----

hal.executable.source @e {
  // expected-error@below {{has a condition without a fallback; name the export to run when the condition is false with fallback(@export)}}
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) condition(%d: !hal.device) -> i1 {
    %true = arith.constant true
    hal.return %true : i1
  }
}

// -----

hal.executable.source @e {
  // expected-error@below {{has a fallback without a condition}}
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) fallback(@b)
}

// -----

hal.executable.source @e {
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) condition(%d: !hal.device) -> i32 {
    %c = arith.constant 1 : i32
    // expected-error@below {{expected ('i1') as the results of the condition region, found ('i32')}}
    hal.return %c : i32
  } fallback(@b)
}

// -----

hal.executable.source @e {
  // expected-error@below {{falls back to @b, which is no export beside it}}
  hal.executable.export @a layout(#hal.pipeline.layout<bindings = []>) condition(%d: !hal.device) -> i1 {
    %true = arith.constant true
    hal.return %true : i1
  } fallback(@b)
}

// -----

hal.executable.source @e {
  // expected-note@below {{the fallback}}
  hal.executable.export @b layout(#hal.pipeline.layout<bindings = []>)
  // expected-error@below {{expected its fallback @b to have its layout, #hal.pipeline.layout<constants = 1, bindings = []>, found #hal.pipeline.layout<bindings = []>}}
  hal.executable.export @a layout(#hal.pipeline.layout<constants = 1, bindings = []>) condition(%d: !hal.device) -> i1 {
    %true = arith.constant true
    hal.return %true : i1
  } fallback(@b)
}

// -----

hal.executable @e {
  hal.executable.variant @v target(<"a", "b">) {
    // expected-error@below {{expected nothing after !hal.device in the arguments of its body, found ('!hal.device', 'index')}}
    hal.executable.condition(%d: !hal.device, %i: index) -> i1 {
      %true = arith.constant true
      hal.return %true : i1
    }
  }
}

// -----

hal.executable @e {
  hal.executable.variant @v target(<"a", "b">) {
    // expected-error@below {{expected i1 as its result, found ('i32')}}
    hal.executable.condition(%d: !hal.device) -> i32 {
      %c = arith.constant 1 : i32
      hal.return %c : i32
    }
  }
}

// -----

hal.executable @e {
  hal.executable.variant @v target(<"a", "b">) {
    // expected-error@below {{expected one key for each of its 1 results, found 2}}
    hal.executable.constant.block(%d: !hal.device) -> i32 as ("a", "b") {
      %c = arith.constant 1 : i32
      hal.return %c : i32
    }
  }
}

// -----

hal.executable @e {
  hal.executable.variant @v target(<"a", "b">) {
    // expected-error@below {{expected strings as its keys, found [1]}}
    "hal.executable.constant.block"() <{function_type = () -> i32, keys = [1]}> ({
      %c = arith.constant 1 : i32
      "hal.return"(%c) : (i32) -> ()
    }) : () -> ()
  }
}

// -----

hal.executable @e {
  // expected-error@below {{requires attribute 'data'}}
  hal.executable.binary @b <format = "f">
}

// -----

hal.executable @e {
  // expected-error@below {{expected elements as its data, found 1 : i64}}
  hal.executable.binary @b <format = "f", data = 1>
}

// -----

// expected-error@below {{op expects parent op to be one of 'hal.executable, hal.executable.variant'}}
hal.executable.binary @b <format = "f", data = dense<1> : vector<1xi8>>

// -----

func.func @f() {
  // expected-error@below {{op expects parent op to be one of}}
  hal.return
}

// -----

func.func @f() {
  // expected-error@below {{expected dimension 0, 1 or 2, found 3}}
  %0 = hal.interface.workgroup.id[3] : index
  return
}

// -----

func.func @f() {
  // expected-error@below {{expected dimension 0, 1 or 2, found -1}}
  %0 = hal.interface.workgroup.count[-1] : index
  return
}

// -----

func.func @f() {
  // expected-error@below {{expected dimension 0, 1 or 2, found 7}}
  %0 = hal.interface.workgroup.size[7] : index
  return
}

// -----

func.func @f() {
  // expected-error@below {{loads constant 1, but its layout has 1 constants}}
  %0 = hal.interface.constant.load layout(<constants = 1, bindings = []>) ordinal(1) : i32
  return
}

// -----

func.func @f() {
  // expected-error@below {{takes binding 1, but its layout has 1 bindings}}
  %0 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>]>) binding(1) : memref<4xf32>
  return
}

// -----

func.func @f(%d: index) {
  // expected-error@below {{expected 2 dynamic sizes for 'memref<?x?xf32>', found 1}}
  %0 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>]>) binding(0) : memref<?x?xf32>{%d}
  return
}

// -----

func.func @f(%a: tensor<4xf32>) {
  // expected-error@below {{is not among the operations known of dialect 'hal'; print the file in generic form (iree-opt --mlir-print-op-generic) and read it with --allow-unregistered-dialect}}
  %0 = hal.tensor.import %a : tensor<4xf32>
  return
}

// -----

hal.executable @e {
  hal.executable.variant @v target(<"a", "b">) {
    // expected-error@below {{expected ('!hal.device') as the arguments of its body, as its type says, found ()}}
    "hal.executable.condition"() <{function_type = (!hal.device) -> i1}> ({
      %true = arith.constant true
      "hal.return"(%true) : (i1) -> ()
    }) : () -> ()
  }
}

// -----

hal.executable @e {
  hal.executable.variant @v target(<"a", "b">) {
    // expected-error@below {{expected a body, found none}}
    "hal.executable.constant.block"() <{function_type = () -> (), keys = []}> ({}) : () -> ()
  }
}

// -----

hal.executable.source @s {
  // expected-note@below {{the export}}
  hal.executable.export public @k layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>)
  builtin.module {
    func.func @k() {
      // expected-error@below {{has the layout #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>, but its export @k has #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>}}
      %0 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>) binding(1) : memref<4xf32>
      return
    }
  }
}

// -----

// A helper of the only export is bound by it, too.
hal.executable.source @s {
  // expected-note@below {{the export}}
  hal.executable.export public @k layout(#hal.pipeline.layout<constants = 1, bindings = []>)
  builtin.module {
    func.func @k() {
      return
    }
    func.func private @helper() -> i32 {
      // expected-error@below {{has the layout #hal.pipeline.layout<constants = 2, bindings = []>, but its export @k has}}
      %0 = hal.interface.constant.load layout(<constants = 2, bindings = []>) ordinal(1) : i32
      return %0 : i32
    }
  }
}

// -----

hal.executable.source @s {
  // expected-note@below {{the export}}
  hal.executable.export public @k layout(#hal.pipeline.layout<bindings = []>) count(%d: !hal.device, %w: index) -> (index, index, index) {
    hal.return %w, %w, %w : index, index, index
  }
  builtin.module {
    func.func @k(%i: index) {
      // expected-error@below {{takes workload value 1, but the count region of export @k takes 1}}
      %0 = iree_tensor_ext.dispatch.workload.ordinal %i, 1 : index
      return
    }
  }
}

// -----

hal.executable private @open {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
    // expected-error@below {{expected hal.return at the end of its }}
    "hal.executable.condition"() <{function_type = (!hal.device) -> i1}> ({
    ^bb0(%device: !hal.device):
      %0 = arith.constant true
    }) : () -> ()
  }
}

// -----

hal.executable private @wide {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
    hal.executable.constant.block(%device: !hal.device) -> i32 as "c" {
      %0 = arith.constant 1 : i32
      hal.return %0 : i32
    }
    builtin.module {
      func.func @k() {
        // expected-error@below {{expected an integer or float of at most 32 bits, found 'i64'}}
        %0 = hal.executable.constant.load "c" : i64
        return
      }
    }
  }
}

// -----

hal.executable.source public @twice {
  // expected-error @+3 {{this export has a count(...) region already: leave one out}}
  hal.executable.export public @e ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%device: !hal.device, %w: index) -> (index, index, index) {
    hal.return %w, %w, %w : index, index, index
  } {
  ^bb0(%device: !hal.device, %w: index):
    hal.return %w, %w, %w : index, index, index
  }
}
