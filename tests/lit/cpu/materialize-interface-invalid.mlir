// RUN: not ropt %s --pass-pipeline='builtin.module(cpu-materialize-interface)' 2>&1 | FileCheck %s

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>

// CHECK: [[#@LINE+8]]:{{.*}}error: tensors of i4 are not supported on the CPU
// CHECK: supported element types: i1, i8, i16, i32, i64, f16, bf16, f32, f64, index
// CHECK: help: convert the tensor




func.func @nibbles() {
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<8xi4>>
  %1 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [8], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<8xi4>> -> tensor<8xi4>
  return
}
