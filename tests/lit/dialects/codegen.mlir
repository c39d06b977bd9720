// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s

// CHECK-LABEL: func.func @buffers
// CHECK-SAME: %[[M:.+]]: memref<?x8xf32>
func.func @buffers(%m: memref<?x8xf32>) {
  // CHECK: %{{.+}}, %{{.+}}, %{{.+}}:2, %{{.+}}:2 = iree_codegen.extract_strided_metadata %[[M]] : memref<?x8xf32> -> memref<f32>, index, index, index, index, index
  %base, %offset, %sizes:2, %strides:2 = iree_codegen.extract_strided_metadata %m : memref<?x8xf32> -> memref<f32>, index, index, index, index, index
  // CHECK: %[[T:.+]] = iree_codegen.load_from_buffer %[[M]] : memref<?x8xf32> -> tensor<?x8xf32>
  %0 = iree_codegen.load_from_buffer %m : memref<?x8xf32> -> tensor<?x8xf32>
  // CHECK: iree_codegen.store_to_buffer %[[T]], %[[M]] {note} : tensor<?x8xf32> into memref<?x8xf32>
  iree_codegen.store_to_buffer %0, %m {note} : tensor<?x8xf32> into memref<?x8xf32>
  return
}

// CHECK-LABEL: func.func @hint
// CHECK-SAME: %[[N:.+]]: index
func.func @hint(%n: index) {
  // CHECK: iree_codegen.workgroup_count_hint(1, %[[N]], 3)
  iree_codegen.workgroup_count_hint(1, %n, 3)
  // CHECK: iree_codegen.workgroup_count_hint(%[[N]]) {note}
  iree_codegen.workgroup_count_hint(%n) {note}
  return
}

// CHECK: iree_codegen.dispatch_config @hint workgroup_size = [1, 2, 3] subgroup_size = 64 {
iree_codegen.dispatch_config @hint workgroup_size = [1, 2, 3] subgroup_size = 64 {
// CHECK-NEXT: ^bb0(%{{.+}}: !hal.device, %[[W:.+]]: index):
^bb0(%device: !hal.device, %w: index):
  // CHECK-NEXT: iree_codegen.yield %[[W]], %[[W]], %[[W]] : index, index, index
  iree_codegen.yield %w, %w, %w : index, index, index
// CHECK-NEXT: } {note}
} {note}

// CHECK: iree_codegen.dispatch_config @buffers {
iree_codegen.dispatch_config @buffers {
^bb0(%device: !hal.device):
  %x, %y, %z = iree_tensor_ext.dispatch.workgroup_count_from_slice()
  iree_codegen.yield %x, %y, %z : index, index, index
}
