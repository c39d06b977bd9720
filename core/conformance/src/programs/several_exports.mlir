#sums = #hal.pipeline.layout<bindings = [
  #hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>
]>
#scales = #hal.pipeline.layout<constants = 1, bindings = [
  #hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>
]>
#id = affine_map<(i) -> (i)>

hal.executable.source private @two {
  hal.executable.export public @sums ordinal(0) layout(#sums) count(%device: !hal.device) -> (index, index, index) {
    %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
    hal.return %x, %y, %z : index, index, index
  }
  hal.executable.export public @scales ordinal(1) layout(#scales) count(%device: !hal.device) -> (index, index, index) {
    %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
    hal.return %x, %y, %z : index, index, index
  }
  builtin.module {
    func.func @sums() {
      %c0 = arith.constant 0 : index
      %0 = hal.interface.binding.subspan layout(#sums) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<16xf32>>
      %1 = hal.interface.binding.subspan layout(#sums) binding(1) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<16xf32>>
      %2 = hal.interface.binding.subspan layout(#sums) binding(2) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<16xf32>>
      %x = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [16], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<16xf32>> -> tensor<16xf32>
      %y = iree_tensor_ext.dispatch.tensor.load %1, offsets = [0], sizes = [16], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<16xf32>> -> tensor<16xf32>
      %e = tensor.empty() : tensor<16xf32>
      %s = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%x, %y : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) {
      ^bb0(%a: f32, %b: f32, %o: f32):
        %r = arith.addf %a, %b : f32
        linalg.yield %r : f32
      } -> tensor<16xf32>
      iree_tensor_ext.dispatch.tensor.store %s, %2, offsets = [0], sizes = [16], strides = [1] : tensor<16xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<16xf32>>
      return
    }
    func.func @scales() {
      %c0 = arith.constant 0 : index
      %word = hal.interface.constant.load layout(#scales) ordinal(0) : i32
      %factor = arith.bitcast %word : i32 to f32
      %0 = hal.interface.binding.subspan layout(#scales) binding(0) alignment(64) offset(%c0) flags(ReadOnly) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<16xf32>>
      %1 = hal.interface.binding.subspan layout(#scales) binding(1) alignment(64) offset(%c0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<16xf32>>
      %x = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [16], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<16xf32>> -> tensor<16xf32>
      %e = tensor.empty() : tensor<16xf32>
      %s = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) {
      ^bb0(%a: f32, %o: f32):
        %r = arith.mulf %a, %factor : f32
        linalg.yield %r : f32
      } -> tensor<16xf32>
      iree_tensor_ext.dispatch.tensor.store %s, %1, offsets = [0], sizes = [16], strides = [1] : tensor<16xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<16xf32>>
      return
    }
  }
}

func.func @main(%x: tensor<16xf32>, %y: tensor<16xf32>, %factor: f32) -> (tensor<16xf32>, tensor<16xf32>) {
  %sum = flow.dispatch @two::@sums(%x, %y) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
  %scaled = flow.dispatch @two::@scales(%sum, %factor) : (tensor<16xf32>, f32) -> tensor<16xf32>
  return %sum, %scaled : tensor<16xf32>, tensor<16xf32>
}
