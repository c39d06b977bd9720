// RUN: ropt %s --split-input-file --verify-diagnostics

func.func @f(%b: tensor<?x?xf32>, %i: index) {
  // expected-error@below {{expected 2 dynamic sizes for 'tensor<?x?xf32>', found 1}}
  %0 = flow.dispatch @e::@x(%b) : (tensor<?x?xf32>{%i}) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %b: tensor<4xf32>) {
  // expected-error@below {{tied result names %b, which is not an argument of the call}}
  %0 = flow.dispatch @e::@x(%a) : (tensor<4xf32>) -> %b
  return
}

// -----

func.func @f(%b: tensor<?xf32>) {
  // expected-error@below {{expected 1 dynamic sizes for its arguments, found 0}}
  %0 = "flow.dispatch"(%b) <{entry_points = [@e::@x], operandSegmentSizes = array<i32: 0, 1, 0, 0>}> : (tensor<?xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f() {
  // expected-error@below {{expected 1 dynamic sizes for its results, found 0}}
  %0 = "flow.dispatch"() <{entry_points = [@e::@x], operandSegmentSizes = array<i32: 0, 0, 0, 0>}> : () -> tensor<?xf32>
  return
}

// -----

func.func @f() {
  // expected-error@below {{expected at least one entry point, found none}}
  "flow.dispatch"() <{entry_points = [], operandSegmentSizes = array<i32: 0, 0, 0, 0>}> : () -> ()
  return
}

// -----

func.func @f() {
  // expected-error@below {{attribute 'entry_points' failed to satisfy constraint: symbol references}}
  "flow.dispatch"() <{entry_points = [1], operandSegmentSizes = array<i32: 0, 0, 0, 0>}> : () -> ()
  return
}

// -----

func.func @f(%a: tensor<4xf32>) {
  // expected-error@below {{expected one tied operand for each of its 1 results, found 2}}
  %0 = "flow.dispatch"(%a) <{entry_points = [@e::@x], operandSegmentSizes = array<i32: 0, 1, 0, 0>, tied_operands = [-1 : index, 0 : index]}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>) {
  // expected-error@below {{ties result 0 to argument 1, but it has 1 arguments}}
  %0 = "flow.dispatch"(%a) <{entry_points = [@e::@x], operandSegmentSizes = array<i32: 0, 1, 0, 0>, tied_operands = [1 : index]}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// expected-note@below {{the executable}}
hal.executable.source @e {
  hal.executable.export @x layout(#hal.pipeline.layout<bindings = []>)
}
func.func @f() {
  // expected-error@below {{dispatches @e::@y, but the executable has no such export}}
  flow.dispatch @e::@y() : () -> ()
  return
}

// -----

hal.executable @e {
  hal.executable.variant @v target(<"a", "b">) {
    // expected-note@below {{the export}}
    hal.executable.export @x layout(#hal.pipeline.layout<bindings = []>) count(%d: !hal.device, %w: index) -> (index, index, index) {
      hal.return %w, %w, %w : index, index, index
    }
  }
}
func.func @f() {
  // expected-error@below {{has a workload of 0 values, but the count region of @e::@x takes 1}}
  flow.dispatch @e::@x() : () -> ()
  return
}

// -----

hal.executable.source @e {
  hal.executable.export public @x layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>)
  builtin.module {
    func.func @x() {
      %c8 = arith.constant 8 : index
      // expected-note@below {{the kernel takes it here}}
      %0 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer>, #hal.pipeline.binding<storage_buffer>]>) binding(1) offset(%c8) : memref<?xf32>{%c8}
      return
    }
  }
}
func.func @f(%a: tensor<4xf32>, %i: i32) {
  // expected-error@below {{gives 'tensor<9xf32>', 36 bytes, as binding 1 of @e::@x, whose kernel takes 40 bytes of it}}
  %0 = flow.dispatch @e::@x(%i, %a) : (i32, tensor<4xf32>) -> tensor<9xf32>
  return
}
