// What only the program's run tells: a kernel that takes more of a binding than it is given touches nothing.

// RUN: ropt compile %s --target=llvm-cpu -o %t.so
// RUN: ropt-run run %t.so --function=whole --input=16xf32=1 | FileCheck %s --check-prefix=FITS
// RUN: not ropt-run run %t.so --function=whole --input=15xf32=1 2>&1 | FileCheck %s --check-prefix=STATIC
// RUN: ropt-run run %t.so --function=counted --input=8xf32=1 --input=index=8 | FileCheck %s --check-prefix=COUNTED
// RUN: not ropt-run run %t.so --function=counted --input=8xf32=1 --input=index=9 2>&1 | FileCheck %s --check-prefix=DYNAMIC
// RUN: not ropt-run run %t.so --function=counted --input=8xf32=1 --input=index=4611686018427387904 2>&1 | FileCheck %s --check-prefix=DYNAMIC
// RUN: not ropt-run run %t.so --function=counted --input=8xf32=1 --input=index=-1 2>&1 | FileCheck %s --check-prefix=DYNAMIC

// FITS: 16xf32=2 2
// COUNTED: 8xf32=2 2
// STATIC: error: function 'whole' failed: export 'k' of executable 'of_16' needs more of binding 0 than the 60 bytes that the dispatch gives it
// DYNAMIC: error: function 'counted' failed: export 'k' of executable 'of_n' needs more of binding 0 than the 32 bytes that the dispatch gives it

#static = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
#dynamic = #hal.pipeline.layout<constants = 2, bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>

hal.executable.source private @of_16 {
  hal.executable.export public @k ordinal(0) layout(#static) count(%device: !hal.device) -> (index, index, index) {
    %c1 = arith.constant 1 : index
    hal.return %c1, %c1, %c1 : index, index, index
  }
  builtin.module {
    func.func @k() {
      %a = hal.interface.binding.subspan layout(#static) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<16xf32>>
      %b = hal.interface.binding.subspan layout(#static) binding(1) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<16xf32>>
      %x = iree_tensor_ext.dispatch.tensor.load %a, offsets = [0], sizes = [16], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<16xf32>> -> tensor<16xf32>
      %e = tensor.empty() : tensor<16xf32>
      %y = linalg.add ins(%x, %x : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
      iree_tensor_ext.dispatch.tensor.store %y, %b, offsets = [0], sizes = [16], strides = [1] : tensor<16xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<16xf32>>
      return
    }
  }
}
hal.executable.source private @of_n {
  hal.executable.export public @k ordinal(0) layout(#dynamic) count(%device: !hal.device) -> (index, index, index) {
    %c1 = arith.constant 1 : index
    hal.return %c1, %c1, %c1 : index, index, index
  }
  builtin.module {
    func.func @k() {
      %n = hal.interface.constant.load layout(#dynamic) ordinal(0) : i64
      %d = arith.index_cast %n : i64 to index
      %a = hal.interface.binding.subspan layout(#dynamic) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?xf32>>{%d}
      %b = hal.interface.binding.subspan layout(#dynamic) binding(1) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<8xf32>>
      %x = iree_tensor_ext.dispatch.tensor.load %a, offsets = [0], sizes = [8], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?xf32>>{%d} -> tensor<8xf32>
      %e = tensor.empty() : tensor<8xf32>
      %y = linalg.add ins(%x, %x : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
      iree_tensor_ext.dispatch.tensor.store %y, %b, offsets = [0], sizes = [8], strides = [1] : tensor<8xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<8xf32>>
      return
    }
  }
}
func.func @whole(%a: tensor<?xf32>) -> tensor<16xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %a, %c0 : tensor<?xf32>
  %0 = flow.dispatch @of_16::@k(%a) : (tensor<?xf32>{%n}) -> tensor<16xf32>
  return %0 : tensor<16xf32>
}
func.func @counted(%a: tensor<8xf32>, %n: index) -> tensor<8xf32> {
  %0 = flow.dispatch @of_n::@k(%a, %n) : (tensor<8xf32>, index) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
