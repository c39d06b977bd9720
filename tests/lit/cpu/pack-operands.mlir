// RUN: ropt %s --pass-pipeline='builtin.module(cpu-pack-operands{operands=0,1})' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(cpu-pack-operands{operands=1})' | FileCheck %s --check-prefix=RIGHT

// Operands that lie in the order in which they are read are copied as they are.
// CHECK-LABEL: func.func @plain
// CHECK: %[[EMPTY0:.*]] = bufferization.alloc_tensor() : tensor<8x32xf32>
// CHECK: %[[COPY0:.*]] = bufferization.materialize_in_destination %arg0 in %[[EMPTY0]]
// CHECK: %[[EMPTY1:.*]] = bufferization.alloc_tensor() : tensor<32x16xf32>
// CHECK: %[[COPY1:.*]] = bufferization.materialize_in_destination %arg1 in %[[EMPTY1]]
// CHECK: linalg.matmul {ropt.root} ins(%[[COPY0]], %[[COPY1]]
// RIGHT-LABEL: func.func @plain
// RIGHT-COUNT-1: bufferization.alloc_tensor
// RIGHT: linalg.matmul {ropt.root} ins(%arg0, %
func.func @plain(%a: tensor<8x32xf32>, %b: tensor<32x16xf32>, %c: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %r = linalg.matmul {ropt.root} ins(%a, %b : tensor<8x32xf32>, tensor<32x16xf32>) outs(%c : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}

// A transposed right side is turned round on the way; sizes that are not known are read.
// RIGHT-LABEL: func.func @transposed
// RIGHT: %[[N:.*]] = tensor.dim %arg1, %
// RIGHT: %[[E:.*]] = bufferization.alloc_tensor(%[[N]]) : tensor<32x?xf32>
// RIGHT: %[[T:.*]] = linalg.generic
// RIGHT-SAME: outs(%[[E]] : tensor<32x?xf32>) attrs = {ropt.panel}
// RIGHT: linalg.matmul {ropt.root} ins(%arg0, %[[T]] : tensor<8x32xf32>, tensor<32x?xf32>)
func.func @transposed(%a: tensor<8x32xf32>, %b: tensor<?x32xf32>, %c: tensor<8x?xf32>) -> tensor<8x?xf32> {
  %r = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] {ropt.root} ins(%a, %b : tensor<8x32xf32>, tensor<?x32xf32>) outs(%c : tensor<8x?xf32>) -> tensor<8x?xf32>
  return %r : tensor<8x?xf32>
}

// Elements are widened once, in the copy.
// RIGHT-LABEL: func.func @widened
// RIGHT: linalg.generic
// RIGHT-SAME: ins(%arg1 : tensor<32x16xf16>) outs(%{{.*}} : tensor<32x16xf32>) attrs = {ropt.panel}
// RIGHT: arith.extf %{{.*}} : f16 to f32
// RIGHT: linalg.generic
// RIGHT-SAME: ins(%arg0, %{{.*}} : tensor<8x32xf16>, tensor<32x16xf32>)
// RIGHT: ^bb0(%[[L:.*]]: f16, %[[R:.*]]: f32, %{{.*}}: f32):
// RIGHT-NEXT: %[[W:.*]] = arith.extf %[[L]] : f16 to f32
// RIGHT-NEXT: arith.mulf %[[W]], %[[R]] : f32
func.func @widened(%a: tensor<8x32xf16>, %b: tensor<32x16xf16>, %c: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<8x32xf16>, tensor<32x16xf16>) outs(%c : tensor<8x16xf32>) attrs = {ropt.root} {
  ^bb0(%x: f16, %y: f16, %s: f32):
    %xw = arith.extf %x : f16 to f32
    %yw = arith.extf %y : f16 to f32
    %p = arith.mulf %xw, %yw : f32
    %q = arith.addf %s, %p : f32
    linalg.yield %q : f32
  } -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}

// Only the marked op is touched.
// CHECK-LABEL: func.func @other
// CHECK-NOT: bufferization
func.func @other(%a: tensor<8x32xf32>, %b: tensor<32x16xf32>, %c: tensor<8x16xf32>) -> tensor<8x16xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<8x32xf32>, tensor<32x16xf32>) outs(%c : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %r : tensor<8x16xf32>
}
