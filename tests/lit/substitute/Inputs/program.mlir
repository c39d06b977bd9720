module @prog {
  hal.executable private @x {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @x_add ordinal(0) layout(#hal.pipeline.layout<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) count(%device: !hal.device, %w: index) -> (index, index, index) {
        %c1 = arith.constant 1 : index
        hal.return %w, %c1, %c1 : index, index, index
      }
      builtin.module {
        func.func @x_add() {
          %c0 = arith.constant 0 : index
          %0 = hal.interface.binding.subspan layout(<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) binding(0) offset(%c0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>>
          %1 = hal.interface.binding.subspan layout(<constants = 1, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) binding(1) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<32xf32>>
          return
        }
      }
    }
  }
  hal.executable private @y {
    hal.executable.variant public @cpu target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
      hal.executable.export public @y_f ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>) count(%device: !hal.device) -> (index, index, index) {
        %c1 = arith.constant 1 : index
        hal.return %c1, %c1, %c1 : index, index, index
      }
      builtin.module {
        func.func @y_f() {
          return
        }
      }
    }
  }
  func.func @main(%a: tensor<4x8xf32>, %i: i32, %w: index) -> tensor<32xf32> {
    %r = flow.dispatch @x::@x_add[%w](%a, %i) : (tensor<4x8xf32>, i32) -> tensor<32xf32>
    return %r : tensor<32xf32>
  }
}
