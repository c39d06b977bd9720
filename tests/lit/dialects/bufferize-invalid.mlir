// RUN: ropt %s --one-shot-bufferize --split-input-file --verify-diagnostics

func.func @argument(%t: !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>>, %m: memref<4xf32>) {
  // expected-error@below {{cannot be bufferized: expected its binding to come from hal.interface.binding.subspan}}
  // expected-error@below {{failed to bufferize op}}
  %0 = iree_tensor_ext.dispatch.tensor.load %t, offsets = [0], sizes = [4], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>> -> tensor<4xf32>
  bufferization.materialize_in_destination %0 in writable %m : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

func.func @scalar_result() {
  // expected-error@below {{cannot be bufferized: expected ranked tensors as its results, found 'i32'}}
  // expected-error@below {{failed to bufferize op}}
  %0:2 = flow.dispatch @e::@x() : () -> (tensor<4xf32>, i32)
  return
}

// -----

func.func @tied_as() {
  %empty = bufferization.alloc_tensor() : tensor<4xf32>
  // expected-error@below {{cannot be bufferized: result 0 of type 'tensor<2x2xf32>' is tied to an argument of type 'tensor<4xf32>'}}
  // expected-error@below {{failed to bufferize op}}
  %0 = flow.dispatch @e::@x(%empty) : (tensor<4xf32>) -> %empty as tensor<2x2xf32>
  return
}
