// RUN: ropt %s --split-input-file --verify-diagnostics

func.func @f(%a: memref<4xf32>) {
  // expected-error@below {{reads argument 1, but it has 1 arguments}}
  ropt.dispatch @e::@x(%a) reads [0, 1] : (memref<4xf32>)
  return
}

// -----

func.func @f(%a: i32) {
  // expected-error@below {{writes argument 0, which is no memref but 'i32'}}
  ropt.dispatch @e::@x(%a) writes [0] : (i32)
  return
}

// -----

func.func @f(%a: memref<4xf32>) {
  // expected-error@below {{expected argument 0, a memref, among its reads or its writes}}
  ropt.dispatch @e::@x(%a) : (memref<4xf32>)
  return
}

// -----

func.func @f() {
  // expected-error@below {{expected at least one entry point, found none}}
  ropt.dispatch {}()
  return
}

// -----

// expected-note@below {{the executable}}
hal.executable.source @e {
  hal.executable.export @x layout(#hal.pipeline.layout<bindings = []>)
}
func.func @f() {
  // expected-error@below {{dispatches @e::@y, but the executable has no such export}}
  ropt.dispatch @e::@y()
  return
}
