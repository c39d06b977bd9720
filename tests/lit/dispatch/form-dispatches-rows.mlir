// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(hal-form-dispatches)' | FileCheck %s

// Maximum, exponential, sum and division of each row are one kernel.

// CHECK-COUNT-1: hal.executable.source
// CHECK: @main_dispatch_0_reduction_16x128_f32
// CHECK-COUNT-4: linalg.generic
// CHECK-LABEL: func.func @main(
// CHECK-COUNT-1: flow.dispatch
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<16x128xf32>) -> tensor<16x128xf32> {
  %lowest = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %er = tensor.empty() : tensor<16xf32>
  %e = tensor.empty() : tensor<16x128xf32>
  %imax = linalg.fill ins(%lowest : f32) outs(%er : tensor<16xf32>) -> tensor<16xf32>
  %max = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<16x128xf32>) outs(%imax : tensor<16xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %m = arith.maximumf %v, %acc : f32
    linalg.yield %m : f32
  } -> tensor<16xf32>
  %exp = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %max : tensor<16x128xf32>, tensor<16xf32>) outs(%e : tensor<16x128xf32>) {
  ^bb0(%v: f32, %m: f32, %o: f32):
    %d = arith.subf %v, %m : f32
    %p = math.exp %d : f32
    linalg.yield %p : f32
  } -> tensor<16x128xf32>
  %isum = linalg.fill ins(%zero : f32) outs(%er : tensor<16xf32>) -> tensor<16xf32>
  %sum = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%exp : tensor<16x128xf32>) outs(%isum : tensor<16xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%exp, %sum : tensor<16x128xf32>, tensor<16xf32>) outs(%e : tensor<16x128xf32>) {
  ^bb0(%p: f32, %s: f32, %o: f32):
    %q = arith.divf %p, %s : f32
    linalg.yield %q : f32
  } -> tensor<16x128xf32>
  return %y : tensor<16x128xf32>
}

// -----

// A reduction over columns would leave long strides to each workgroup: it stays a kernel of its own.

// CHECK-COUNT-2: hal.executable.source
// CHECK-LABEL: func.func @main(
// CHECK-COUNT-2: flow.dispatch
#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>
func.func @main(%x: tensor<16x128xf32>) -> tensor<16x128xf32> {
  %zero = arith.constant 0.0 : f32
  %ec = tensor.empty() : tensor<128xf32>
  %e = tensor.empty() : tensor<16x128xf32>
  %i = linalg.fill ins(%zero : f32) outs(%ec : tensor<128xf32>) -> tensor<128xf32>
  %sum = linalg.generic {indexing_maps = [#id, #col], iterator_types = ["reduction", "parallel"]} ins(%x : tensor<16x128xf32>) outs(%i : tensor<128xf32>) {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    linalg.yield %s : f32
  } -> tensor<128xf32>
  %y = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %sum : tensor<16x128xf32>, tensor<128xf32>) outs(%e : tensor<16x128xf32>) {
  ^bb0(%v: f32, %s: f32, %o: f32):
    %d = arith.subf %v, %s : f32
    linalg.yield %d : f32
  } -> tensor<16x128xf32>
  return %y : tensor<16x128xf32>
}

// -----

// A result that leaves the program is not computed inside of another kernel.

// CHECK-COUNT-2: hal.executable.source
// CHECK-LABEL: func.func @main(
// CHECK: %[[P:.*]] = flow.dispatch @main_dispatch_0::@main_dispatch_0_matmul_4x4x4_f32
// CHECK: %[[R:.*]] = flow.dispatch @main_dispatch_1::@main_dispatch_1_elementwise_4x4_f32(%[[P]])
// CHECK: return %[[P]], %[[R]]
func.func @main(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%i : tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = linalg.exp ins(%0 : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0, %1 : tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

// Rows that leave as columns are transposed by a kernel of its own.

// CHECK-COUNT-2: hal.executable.source
// CHECK-LABEL: func.func @main(
// CHECK: %[[S:.*]] = flow.dispatch @main_dispatch_0::@main_dispatch_0_softmax_12x12_f32
// CHECK: flow.dispatch @main_dispatch_1::@main_dispatch_1_transpose_12x12_f32(%[[S]])
func.func @main(%x: tensor<12x12xf32>) -> tensor<12x12xf32> {
  %e = tensor.empty() : tensor<12x12xf32>
  %0 = linalg.softmax dimension(1) ins(%x : tensor<12x12xf32>) outs(%e : tensor<12x12xf32>) -> tensor<12x12xf32>
  %1 = linalg.transpose ins(%0 : tensor<12x12xf32>) outs(%e : tensor<12x12xf32>) permutation = [1, 0]
  return %1 : tensor<12x12xf32>
}
