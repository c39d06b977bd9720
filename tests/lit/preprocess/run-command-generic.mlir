// Text for another version of MLIR: what older versions take for another op is refused, and said is what to do.
// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: not ropt %s --split-input-file --pass-pipeline='builtin.module(module-run-command{generic=true command=cat})' 2>&1 >/dev/null | FileCheck %s

// The names are as good as any of this version.
// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(module-run-command{command=cat})' | FileCheck %s --check-prefix=PRETTY
// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(func.func(linalg-generalize-named-ops),module-run-command{generic=true command=cat})' | FileCheck %s --check-prefix=GENERAL

// CHECK: error: another version of MLIR would mistake `linalg.matmul`, for its `indexing_maps`
// CHECK: note: older versions know the op without this attribute
// CHECK: help: put linalg-generalize-named-ops before
// PRETTY: linalg.matmul indexing_maps
// GENERAL: linalg.generic
func.func @transposed(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>, %c: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = linalg.matmul indexing_maps = [affine_map<(d0, d1, d2) -> (d2, d0)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>] ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// -----

// CHECK: error: another version of MLIR would mistake `linalg.batch_matmul`, for its `cast`
// PRETTY: linalg.batch_matmul
// GENERAL: linalg.generic
func.func @unsigned(%a: tensor<2x4x4xi8>, %b: tensor<2x4x4xi8>, %c: tensor<2x4x4xi32>) -> tensor<2x4x4xi32> {
  %0 = linalg.batch_matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<2x4x4xi8>, tensor<2x4x4xi8>) outs(%c : tensor<2x4x4xi32>) -> tensor<2x4x4xi32>
  return %0 : tensor<2x4x4xi32>
}

// -----

// Plain products travel, and a property that says nothing is left out.
// PRETTY: linalg.matmul ins
// GENERAL: linalg.generic
// GENERAL: arith.trunci
// CHECK-NOT: error
func.func @plain(%a: tensor<4x5xf32>, %b: tensor<5x6xf32>, %c: tensor<4x6xf32>, %n: i64) -> (tensor<4x6xf32>, i32) {
  %0 = linalg.matmul ins(%a, %b : tensor<4x5xf32>, tensor<5x6xf32>) outs(%c : tensor<4x6xf32>) -> tensor<4x6xf32>
  %d = tensor.empty() : tensor<2x4x4xf32>
  %1 = linalg.batch_matmul ins(%d, %d : tensor<2x4x4xf32>, tensor<2x4x4xf32>) outs(%d : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  %2 = arith.trunci %n : i64 to i32
  return %0, %2 : tensor<4x6xf32>, i32
}
