// A program whose dispatches do not fit its own executables is refused, with both sides.
// RUN: ropt %s --split-input-file --verify-diagnostics

#layout = #hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
hal.executable.source private @e {
  // expected-note @+1 {{the export}}
  hal.executable.export public @k ordinal(0) layout(#layout)
}
func.func @bindings(%a: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  // expected-error @+1 {{gives 3 tensors and 2 words of constants, but the layout of @e::@k has 2 bindings and 2 words of constants}}
  %0 = flow.dispatch @e::@k(%a, %a, %n) : (tensor<4xf32>, tensor<4xf32>, index) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

#layout = #hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
hal.executable private @e {
  hal.executable.variant public @v target(<"llvm-cpu", "embedded-elf-x86_64">) {
    // expected-note @+1 {{the export}}
    hal.executable.export public @k ordinal(0) layout(#layout)
  }
}
func.func @constants(%a: tensor<4xf32>, %n: i32) -> tensor<4xf32> {
  // expected-error @+1 {{gives 2 tensors and 1 words of constants, but the layout of @e::@v::@k has 2 bindings and 2 words of constants}}
  %0 = flow.dispatch @e::@v::@k(%a, %n) : (tensor<4xf32>, i32) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
hal.executable.source private @e {
  hal.executable.export public @k ordinal(0) layout(#layout)
  builtin.module {
    func.func @k() {
      // expected-note @+1 {{the kernel takes it here}}
      %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<8x4xf32>>
      return
    }
  }
}
func.func @size(%a: tensor<4x4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{gives 'tensor<4x4xf32>', 64 bytes, as binding 0 of @e::@k, whose kernel takes 128 bytes of it}}
  %0 = flow.dispatch @e::@k(%a) : (tensor<4x4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
hal.executable.source private @e {
  hal.executable.export public @k ordinal(0) layout(#layout)
  builtin.module {
    func.func @k() {
      %c8 = arith.constant 8 : index
      // expected-note @+1 {{the kernel takes it here}}
      %1 = hal.interface.binding.subspan layout(#layout) binding(1) offset(%c8) : memref<2x2xf32, strided<[4, 1], offset: ?>>
      return
    }
  }
}
func.func @offset(%a: tensor<4xf32>) -> tensor<7xf32> {
  // expected-error @+1 {{gives 'tensor<7xf32>', 28 bytes, as binding 1 of @e::@k, whose kernel takes 32 bytes of it}}
  %0 = flow.dispatch @e::@k(%a) : (tensor<4xf32>) -> tensor<7xf32>
  return %0 : tensor<7xf32>
}

// -----

// What lies inside is right: views of other shapes, parts, and what only the program's run tells.

#layout = #hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
hal.executable.source private @e {
  hal.executable.export public @k ordinal(0) layout(#layout)
  builtin.module {
    func.func @k() {
      %c8 = arith.constant 8 : index
      %n = hal.interface.workgroup.id[0] : index
      %0 = hal.interface.binding.subspan layout(#layout) binding(0) : memref<2x8xi16>
      %1 = hal.interface.binding.subspan layout(#layout) binding(1) offset(%c8) : memref<?xf32>{%n}
      return
    }
  }
}
func.func @fits(%a: tensor<8xf32>, %n: i32) -> tensor<8xf32> {
  %0 = flow.dispatch @e::@k(%a, %n) : (tensor<8xf32>, i32) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
