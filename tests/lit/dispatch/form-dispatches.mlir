// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(hal-form-dispatches)' | FileCheck %s

// A product with its initial value, bias and relu is one kernel.

// CHECK: hal.executable.source private @main_dispatch_0
// CHECK: hal.executable.export public @main_dispatch_0_matmul_64x32x128_f32 ordinal(0)
// CHECK-SAME: layout(#hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, "ReadOnly|Indirect">,
// CHECK-SAME: #hal.pipeline.binding<storage_buffer, Indirect>], flags = Indirect>)
// CHECK-SAME: count(%{{.*}}: !hal.device) -> (index, index, index)
// CHECK: %[[X:.*]], %[[Y:.*]], %[[Z:.*]] = iree_tensor_ext.dispatch.workgroup_count_from_slice()
// CHECK: hal.return %[[X]], %[[Y]], %[[Z]]
// CHECK: func.func @main_dispatch_0_matmul_64x32x128_f32()
// CHECK: hal.interface.binding.subspan {{.*}} binding(0) alignment(64) offset(%{{.*}}) flags("ReadOnly|Indirect") : !iree_tensor_ext.dispatch.tensor<readonly:tensor<64x128xf32>>
// CHECK: hal.interface.binding.subspan {{.*}} binding(3) {{.*}} flags(Indirect) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<64x32xf32>>
// CHECK: %[[FILL:.*]] = linalg.fill
// CHECK: %[[MM:.*]] = linalg.matmul {{.*}} outs(%[[FILL]]
// CHECK: %[[R:.*]] = linalg.generic {{.*}} ins(%[[MM]]
// CHECK: iree_tensor_ext.dispatch.tensor.store %[[R]]
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[A:.*]]: tensor<64x128xf32>, %[[B:.*]]: tensor<128x32xf32>, %[[C:.*]]: tensor<32xf32>)
// CHECK-NEXT: %[[D:.*]] = flow.dispatch @main_dispatch_0::@main_dispatch_0_matmul_64x32x128_f32(%[[A]], %[[B]], %[[C]])
// CHECK-NEXT: return %[[D]]
#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>
func.func @main(%a: tensor<64x128xf32>, %b: tensor<128x32xf32>, %c: tensor<32xf32>) -> tensor<64x32xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x32xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<64x32xf32>) -> tensor<64x32xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<64x128xf32>, tensor<128x32xf32>) outs(%i : tensor<64x32xf32>) -> tensor<64x32xf32>
  %1 = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %c : tensor<64x32xf32>, tensor<32xf32>) outs(%e : tensor<64x32xf32>) {
  ^bb0(%v: f32, %w: f32, %o: f32):
    %s = arith.addf %v, %w : f32
    %r = arith.maximumf %s, %zero : f32
    linalg.yield %r : f32
  } -> tensor<64x32xf32>
  return %1 : tensor<64x32xf32>
}

// -----

// A dynamic size is an index constant of the kernel and the workload of its grid.

// CHECK: hal.executable.export public @main_dispatch_0_matmul_Dx8x16_f32 ordinal(0) layout(#hal.pipeline.layout<constants = 2,
// CHECK-SAME: count(%{{.*}}: !hal.device, %[[W:.*]]: index) -> (index, index, index)
// CHECK: workgroup_count_from_slice(%[[W]])
// CHECK: %[[LOW:.*]] = hal.interface.constant.load {{.*}} ordinal(0) : i32
// CHECK: %[[HIGH:.*]] = hal.interface.constant.load {{.*}} ordinal(1) : i32
// CHECK-DAG: %[[L:.*]] = arith.extui %[[LOW]] : i32 to i64
// CHECK-DAG: %[[H:.*]] = arith.extui %[[HIGH]] : i32 to i64
// CHECK: %[[S:.*]] = arith.shli %[[H]],
// CHECK: %[[V:.*]] = arith.ori %[[L]], %[[S]]
// CHECK: %[[I:.*]] = arith.index_castui %[[V]] : i64 to index
// CHECK: %[[N:.*]] = iree_tensor_ext.dispatch.workload.ordinal %[[I]], 0 : index
// CHECK: dispatch.tensor<readonly:tensor<?x16xf32>>{%[[N]]}
// CHECK: dispatch.tensor<writeonly:tensor<?x8xf32>>{%[[N]]}
// CHECK: tensor.empty(%[[N]])
// CHECK-LABEL: func.func @main(
// CHECK: %[[DIM:.*]] = tensor.dim
// CHECK: flow.dispatch @main_dispatch_0::@main_dispatch_0_matmul_Dx8x16_f32[%[[DIM]]](%{{.*}}, %{{.*}}, %[[DIM]]) : (tensor<?x16xf32>{%[[DIM]]}, tensor<16x8xf32>, index) -> tensor<?x8xf32>{%[[DIM]]}
func.func @main(%a: tensor<?x16xf32>, %b: tensor<16x8xf32>) -> tensor<?x8xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %m = tensor.dim %a, %c0 : tensor<?x16xf32>
  %e = tensor.empty(%m) : tensor<?x8xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<?x8xf32>) -> tensor<?x8xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<?x16xf32>, tensor<16x8xf32>) outs(%i : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// Sizes that must be equal are checked by the host; the kernel gets one of them.

// CHECK-LABEL: func.func @main(
// CHECK: %[[EQ:.*]] = arith.cmpi eq, %[[D0:.*]], %{{.*}} : index
// CHECK: cf.assert %[[EQ]], "the sizes of the operands of linalg.generic do not fit each other"
// CHECK: flow.dispatch @main_dispatch_0::@main_dispatch_0_elementwise_D_f32[%[[D0]]](%{{.*}}, %{{.*}}, %[[D0]])
func.func @main(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %0 = arith.addf %a, %b : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// Elementwise chains fuse; scalars travel as constants, narrow ones in one word, wide ones in two.

// CHECK-COUNT-1: hal.executable.source
// CHECK: @main_dispatch_0_elementwise_8_f32 ordinal(0) layout(#hal.pipeline.layout<constants = 4,
// CHECK: %[[W0:.*]] = hal.interface.constant.load {{.*}} ordinal(0) : i32
// CHECK: arith.bitcast %[[W0]] : i32 to f32
// CHECK: %[[W1:.*]] = hal.interface.constant.load {{.*}} ordinal(1) : i32
// CHECK: arith.trunci %[[W1]] : i32 to i1
// CHECK: hal.interface.constant.load {{.*}} ordinal(3) : i32
// CHECK: arith.bitcast %{{.*}} : i64 to f64
// CHECK: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[A:.*]]: tensor<8xf32>, %[[S:.*]]: f32, %[[C:.*]]: i1, %[[W:.*]]: f64)
// CHECK: flow.dispatch @main_dispatch_0::@main_dispatch_0_elementwise_8_f32(%[[A]], %[[S]], %[[C]], %[[W]])
#id = affine_map<(i) -> (i)>
func.func @main(%a: tensor<8xf32>, %s: f32, %c: i1, %w: f64) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%v: f32, %o: f32):
    %p = arith.mulf %v, %s : f32
    %q = arith.select %c, %p, %v : f32
    %t = arith.truncf %w : f64 to f32
    %r = arith.addf %q, %t : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  %1 = math.exp %0 : tensor<8xf32>
  %2 = linalg.abs ins(%1 : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// -----

// Equal executables are shared; numbers have no gaps.

// CHECK-COUNT-2: hal.executable.source
// CHECK-NOT: hal.executable.source
// CHECK-LABEL: func.func @main(
// CHECK: %[[AB:.*]] = flow.dispatch @main_dispatch_0::
// CHECK: %[[BA:.*]] = flow.dispatch @main_dispatch_0::
// CHECK: flow.dispatch @main_dispatch_1::
// CHECK-LABEL: func.func @other(
// CHECK: flow.dispatch @main_dispatch_0::
func.func @main(%a: tensor<8x8xf32>, %b: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xi32>) {
  %e = tensor.empty() : tensor<8x8xf32>
  %0 = linalg.sub ins(%a, %b : tensor<8x8xf32>, tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = linalg.sub ins(%b, %a : tensor<8x8xf32>, tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %2 = arith.fptosi %a : tensor<8x8xf32> to tensor<8x8xi32>
  return %0, %1, %2 : tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xi32>
}
func.func @other(%a: tensor<8x8xf32>, %b: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %e = tensor.empty() : tensor<8x8xf32>
  %0 = linalg.sub ins(%a, %b : tensor<8x8xf32>, tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// -----

// A tensor that is updated, and that nothing else needs, gives its storage to the result; an argument does not.

// CHECK-LABEL: func.func @main(
// CHECK: %[[C:.*]] = flow.dispatch @main_dispatch_0::@{{.*}}(%{{.*}}, %{{.*}}) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
// CHECK: flow.dispatch @main_dispatch_1::@{{.*}}(%{{.*}}, %{{.*}}, %[[C]]) : (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> %[[C]]
func.func @main(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %c = linalg.matmul ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  %d = linalg.matmul ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %d : tensor<4x4xf32>
}

// -----

// What is there already stays, and its names are not taken again.

// CHECK: hal.executable private @main_dispatch_0
// CHECK: hal.executable.source private @main_dispatch_1
// CHECK: flow.dispatch @main_dispatch_0::@mine
// CHECK: flow.dispatch @main_dispatch_1::@main_dispatch_1_elementwise_4_f32
#layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer, ReadOnly>, #hal.pipeline.binding<storage_buffer>]>
hal.executable private @main_dispatch_0 {
  hal.executable.variant public @v target(<"other", "format">) {
    hal.executable.export public @mine ordinal(0) layout(#layout)
  }
}
func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = flow.dispatch @main_dispatch_0::@mine(%a) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = arith.negf %0 : tensor<4xf32>
  return %1 : tensor<4xf32>
}
