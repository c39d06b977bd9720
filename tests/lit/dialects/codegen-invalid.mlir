// RUN: ropt %s --split-input-file --verify-diagnostics

func.func @f(%m: memref<?x8xf32>) {
  // expected-error@below {{expected 2 sizes and strides, as the rank of its source is, found 1}}
  %b, %o, %s, %t = iree_codegen.extract_strided_metadata %m : memref<?x8xf32> -> memref<f32>, index, index, index
  return
}

// -----

func.func @f(%m: memref<8xf32>) {
  // expected-error@below {{expected a base buffer with the element type and memory space of 'memref<8xf32>', found 'memref<f64>'}}
  %b, %o, %s, %t = iree_codegen.extract_strided_metadata %m : memref<8xf32> -> memref<f64>, index, index, index
  return
}

// -----

func.func @f(%m: memref<8xf32>) {
  // expected-error@below {{expected a tensor and a memref with the same shape and element type, found 'tensor<8xf64>' and 'memref<8xf32>'}}
  %0 = iree_codegen.load_from_buffer %m : memref<8xf32> -> tensor<8xf64>
  return
}

// -----

func.func @f(%m: memref<8xf32>, %t: tensor<4xf32>) {
  // expected-error@below {{expected a tensor and a memref with the same shape and element type, found 'tensor<4xf32>' and 'memref<8xf32>'}}
  iree_codegen.store_to_buffer %t, %m : tensor<4xf32> into memref<8xf32>
  return
}

// -----

// expected-error@below {{expected at most three sizes in workgroup_size, found 4}}
iree_codegen.dispatch_config @f workgroup_size = [1, 2, 3, 4] {
  %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
  iree_codegen.yield %x, %y, %z : index, index, index
}

// -----

iree_codegen.dispatch_config @f {
^bb0(%device: !hal.device, %w: index):
  // expected-error@below {{expected three index values, the workgroup count, found ('index')}}
  iree_codegen.yield %w : index
}

// -----

// expected-error@below {{expected iree_codegen.yield at the end of its body}}
iree_codegen.dispatch_config @f {
  "llvm.unreachable"() : () -> ()
}

// -----

func.func @f(%n: index) {
  // expected-error@below {{expected at most three sizes, found 4}}
  iree_codegen.workgroup_count_hint(%n, %n, %n, %n)
  return
}

// -----

func.func @f() {
  // expected-error@below {{is not among the operations known of dialect 'iree_codegen'}}
  %0 = iree_codegen.null_pointer
  return
}
