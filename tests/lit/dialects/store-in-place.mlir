// RUN: ropt %s --pass-pipeline='builtin.module(func.func(ropt-store-in-place))' | FileCheck %s

#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>]>
#id = affine_map<(d0, d1) -> (d0, d1)>
#transposed = affine_map<(d0, d1) -> (d1, d0)>

// CHECK-LABEL: func.func @elementwise
// CHECK-SAME: %[[A:.+]]: tensor<4x4xf32>, %[[B:.+]]: tensor<4x4xf32>
func.func @elementwise(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x4xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK: %[[M:.+]] = linalg.matmul
  %m = linalg.matmul ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%fill : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK: %[[R:.+]] = linalg.generic {{.+}} ins(%[[A]] : tensor<4x4xf32>) outs(%[[M]] : tensor<4x4xf32>) attrs = {note} {
  // CHECK-NEXT: ^bb0(%[[X:.+]]: f32, %[[Y:.+]]: f32):
  // CHECK-NEXT: %[[S:.+]] = arith.subf %[[X]], %[[Y]]
  %r = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%a, %m : tensor<4x4xf32>, tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) attrs = {note} {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %s = arith.subf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<4x4xf32>
  // CHECK: return %[[R]]
  return %r : tensor<4x4xf32>
}

// Not the input's own place, or an input that is needed again: left alone.
// CHECK-LABEL: func.func @left_alone
func.func @left_alone(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) {
  // CHECK: %[[EMPTY:.+]] = tensor.empty
  %empty = tensor.empty() : tensor<4x4xf32>
  %t = linalg.matmul ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  %u = linalg.matmul ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%b : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK: linalg.generic {{.+}} outs(%[[EMPTY]] : tensor<4x4xf32>)
  %0 = linalg.generic {indexing_maps = [#transposed, #id], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) {
  ^bb0(%x: f32, %out: f32):
    linalg.yield %x : f32
  } -> tensor<4x4xf32>
  // CHECK: linalg.generic {{.+}} outs(%[[EMPTY]] : tensor<4x4xf32>)
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%u : tensor<4x4xf32>) outs(%empty : tensor<4x4xf32>) {
  ^bb0(%x: f32, %out: f32):
    %s = arith.negf %x : f32
    linalg.yield %s : f32
  } -> tensor<4x4xf32>
  return %0, %1, %u : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}

// CHECK-LABEL: func.func @accumulate_onto_read_only
func.func @accumulate_onto_read_only(%a: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>>
  // CHECK: %[[C:.+]] = iree_tensor_ext.dispatch.tensor.load
  %c = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>> -> tensor<4x4xf32>
  // CHECK: %[[EMPTY:.+]] = tensor.empty
  // CHECK: %[[COPY:.+]] = linalg.copy ins(%[[C]] : tensor<4x4xf32>) outs(%[[EMPTY]] : tensor<4x4xf32>)
  // CHECK: linalg.matmul {{.+}} outs(%[[COPY]] : tensor<4x4xf32>)
  %m = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %m : tensor<4x4xf32>
}

// A store moves behind what is computed, not over a load of its binding.
// CHECK-LABEL: func.func @sink
func.func @sink(%a: tensor<4x4xf32>) {
  // CHECK: %[[T:.+]] = hal.interface.binding.subspan
  %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  %s = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK: linalg.matmul
  // CHECK-NEXT: linalg.matmul
  // CHECK-NEXT: iree_tensor_ext.dispatch.tensor.store
  iree_tensor_ext.dispatch.tensor.store %s, %0, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : tensor<4x4xf32> -> !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  %m = linalg.matmul ins(%a, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%s : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK-NEXT: iree_tensor_ext.dispatch.tensor.load
  %c = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>> -> tensor<4x4xf32>
  // CHECK-NEXT: linalg.matmul
  %n = linalg.matmul ins(%c, %m : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  // CHECK-NEXT: iree_tensor_ext.dispatch.tensor.store
  iree_tensor_ext.dispatch.tensor.store %n, %0, offsets = [0, 0], sizes = [4, 4], strides = [1, 1] : tensor<4x4xf32> -> !iree_tensor_ext.dispatch.tensor<readwrite:tensor<4x4xf32>>
  // CHECK-NEXT: return
  return
}
