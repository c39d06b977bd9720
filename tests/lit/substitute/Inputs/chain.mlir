// Two executables: @chain_a is also what the file of @a in module @chain is called.
module @"chain" {
hal.executable private @"a" {

hal.executable.variant public @"cpu" target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
  hal.executable.export public @f0 ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device) -> (index, index, index) {
    %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
    hal.return %x, %y, %z : index, index, index
  }
  builtin.module {
    func.func @f0() {
      %c0 = arith.constant 0 : index
      %two = arith.constant 2.0 : f32
      %own = arith.constant 1.0 : f32
      %0 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>>
      %1 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) binding(1) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4xf32>>
      %2 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [4], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>> -> tensor<4xf32>
      %3 = tensor.empty() : tensor<4xf32>
      %4 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%2 : tensor<4xf32>) outs(%3 : tensor<4xf32>) {
      ^bb0(%in: f32, %out: f32):
        %5 = arith.mulf %in, %two : f32
        %6 = arith.addf %5, %own : f32
        linalg.yield %6 : f32
      } -> tensor<4xf32>
      iree_tensor_ext.dispatch.tensor.store %4, %1, offsets = [0], sizes = [4], strides = [1] : tensor<4xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4xf32>>
      return
    }
  }
}
}
hal.executable private @"chain_a" {

hal.executable.variant public @"cpu" target(<"llvm-cpu", "embedded-elf-x86_64", {cpu = "generic"}>) {
  hal.executable.export public @f1 ordinal(0) layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) count(%d: !hal.device) -> (index, index, index) {
    %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
    hal.return %x, %y, %z : index, index, index
  }
  builtin.module {
    func.func @f1() {
      %c0 = arith.constant 0 : index
      %two = arith.constant 2.0 : f32
      %own = arith.constant 2.0 : f32
      %0 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>>
      %1 = hal.interface.binding.subspan layout(<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>) binding(1) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4xf32>>
      %2 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [4], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>> -> tensor<4xf32>
      %3 = tensor.empty() : tensor<4xf32>
      %4 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%2 : tensor<4xf32>) outs(%3 : tensor<4xf32>) {
      ^bb0(%in: f32, %out: f32):
        %5 = arith.mulf %in, %two : f32
        %6 = arith.addf %5, %own : f32
        linalg.yield %6 : f32
      } -> tensor<4xf32>
      iree_tensor_ext.dispatch.tensor.store %4, %1, offsets = [0], sizes = [4], strides = [1] : tensor<4xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4xf32>>
      return
    }
  }
}
}
func.func @main(%v0: tensor<4xf32>) -> tensor<4xf32> {
%v1 = flow.dispatch @"a"::@f0(%v0) : (tensor<4xf32>) -> tensor<4xf32>
%v2 = flow.dispatch @"chain_a"::@f1(%v1) : (tensor<4xf32>) -> tensor<4xf32>
return %v2 : tensor<4xf32>
}
}
