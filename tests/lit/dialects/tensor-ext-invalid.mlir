// RUN: ropt %s --split-input-file --verify-diagnostics

// expected-error@below {{expected 'readonly', 'readwrite' or 'writeonly', found 'any'}}
func.func private @f(!iree_tensor_ext.dispatch.tensor<any:tensor<4xf32>>)

// -----

// expected-error@below {{expected a ranked tensor, an integer or a float as the type of a binding, found 'memref<4xf32>'}}
func.func private @f(!iree_tensor_ext.dispatch.tensor<readonly:memref<4xf32>>)

// -----

func.func @f(%t: !iree_tensor_ext.dispatch.tensor<readonly:f32>) {
  // expected-error@below {{operand #0 must be a binding of a tensor, but got '!iree_tensor_ext.dispatch.tensor<readonly:f32>'}}
  %0 = iree_tensor_ext.dispatch.tensor.load %t, offsets = [], sizes = [], strides = [] : !iree_tensor_ext.dispatch.tensor<readonly:f32> -> tensor<f32>
  return
}

// -----

func.func @f(%t: !iree_tensor_ext.dispatch.tensor<readonly:tensor<?xf32>>) {
  // expected-error@below {{expected 1 dynamic sizes for '!iree_tensor_ext.dispatch.tensor<readonly:tensor<?xf32>>', found 0}}
  %0 = iree_tensor_ext.dispatch.tensor.load %t, offsets = [0], sizes = [4], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<?xf32>> -> tensor<4xf32>
  return
}

// -----

func.func @f(%t: !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>>) {
  // expected-error@below {{expected elements of type 'f32', as the binding has, found 'f64'}}
  %0 = iree_tensor_ext.dispatch.tensor.load %t, offsets = [0], sizes = [4], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>> -> tensor<4xf64>
  return
}

// -----

func.func @f(%t: !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>>) {
  // expected-error@below {{expected 2 offset values, got 1}}
  %0 = iree_tensor_ext.dispatch.tensor.load %t, offsets = [0], sizes = [4], strides = [1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>> -> tensor<4xf32>
  return
}

// -----

func.func @f(%t: !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>>) {
  // expected-error@below {{expected a tensor of rank 2, as the slice has, found 'tensor<4xf32>'}}
  %0 = iree_tensor_ext.dispatch.tensor.load %t, offsets = [0, 0], sizes = [2, 4], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x4xf32>> -> tensor<4xf32>
  return
}

// -----

func.func @f(%t: !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x4xf32>>, %v: tensor<2x4xf32>) {
  // expected-error@below {{expected size 3 in dimension 0 of the tensor, as the slice has, found 2}}
  iree_tensor_ext.dispatch.tensor.store %v, %t, offsets = [0, 0], sizes = [3, 4], strides = [1, 1] : tensor<2x4xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4x4xf32>>
  return
}

// -----

func.func @f(%t: !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>>, %v: tensor<4xf32>) {
  // expected-error@below {{stores to '!iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>>', which is read-only}}
  iree_tensor_ext.dispatch.tensor.store %v, %t, offsets = [0], sizes = [4], strides = [1] : tensor<4xf32> -> !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>>
  return
}

// -----

func.func @f(%d: index) {
  // expected-error@below {{expected an ordinal of at least 0, found -1}}
  %0 = iree_tensor_ext.dispatch.workload.ordinal %d, -1 : index
  return
}

// -----

func.func @f(%d: index) {
  // expected-error@below {{is not among the operations known of dialect 'iree_tensor_ext'}}
  %0 = iree_tensor_ext.bitcast %d : index -> index
  return
}

// -----

func.func @f(%b: !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>>) {
  // expected-error@below {{reaches element 5 of dimension 0, which has 4 in the binding's '!iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>>'}}
  %0 = iree_tensor_ext.dispatch.tensor.load %b, offsets = [2, 0], sizes = [4, 8], strides = [1, 1] : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4x8xf32>> -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%v: tensor<2xf32>, %b: !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4xf32>>) {
  // expected-error@below {{reaches element 4 of dimension 0, which has 4}}
  iree_tensor_ext.dispatch.tensor.store %v, %b, offsets = [0], sizes = [2], strides = [4] : tensor<2xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<4xf32>>
  return
}
