// RUN: ropt %s --canonicalize --resolve-ranked-shaped-type-result-dims --one-shot-bufferize="bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map" --canonicalize | FileCheck %s

// CHECK-LABEL: func.func @results(
// CHECK-SAME: %[[A:.+]]: memref<4x8xf32>, %[[B:.+]]: memref<?x8xf32>, %[[N:.+]]: index, %[[S:.+]]: i32
func.func @results(%a: tensor<4x8xf32>, %b: tensor<?x8xf32>, %n: index, %s: i32) -> tensor<?x8xf32> {
  // Nobody needs the result.
  %unused = flow.dispatch @e::@unused(%a) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  // An untied result is a new buffer, the last argument.
  // CHECK-NEXT: %[[R:.+]] = memref.alloc(%[[N]]) {{.*}} : memref<?x8xf32>
  // CHECK-NEXT: ropt.dispatch @e::@new[%[[N]]](%[[A]], %[[B]], %[[S]], %[[R]]) reads [0, 1] writes [3] : (memref<4x8xf32>, memref<?x8xf32>, i32, memref<?x8xf32>)
  %0 = flow.dispatch @e::@new[%n](%a, %b, %s) : (tensor<4x8xf32>, tensor<?x8xf32>{%n}, i32) -> tensor<?x8xf32>{%n}
  // The result's size is what the dispatch says.
  %c0 = arith.constant 0 : index
  %d = tensor.dim %0, %c0 : tensor<?x8xf32>
  // A tied result is its argument's buffer; attributes stay.
  // CHECK-NEXT: ropt.dispatch @e::@tied[%[[N]]](%[[R]], %[[A]]) reads [0, 1] writes [0] {note} : (memref<?x8xf32>, memref<4x8xf32>)
  %1 = flow.dispatch @e::@tied[%d](%0, %a) {note} : (tensor<?x8xf32>{%d}, tensor<4x8xf32>) -> %0{%d}
  // CHECK-NEXT: return %[[R]]
  return %1 : tensor<?x8xf32>
}

// CHECK-LABEL: func.func @slices(
// CHECK-SAME: %[[A:.+]]: memref<4x8xf32>, %[[I:.+]]: index
func.func @slices(%a: tensor<4x8xf32>, %i: index) -> tensor<4xf32> {
  // Columns are not one block: they are copied. Rows are.
  // CHECK-DAG: %[[COLUMNS:.+]] = memref.subview %[[A]][0, 2] [4, 4] [1, 1]
  // CHECK-DAG: %[[ROWS:.+]] = memref.subview %[[A]][%[[I]], 0] [2, 8] [1, 1]
  // CHECK: %[[DENSE:.+]] = memref.alloc() {{.*}} : memref<4x4xf32>
  // CHECK: memref.copy %[[COLUMNS]], %[[DENSE]]
  %columns = tensor.extract_slice %a[0, 2] [4, 4] [1, 1] : tensor<4x8xf32> to tensor<4x4xf32>
  %rows = tensor.extract_slice %a[%i, 0] [2, 8] [1, 1] : tensor<4x8xf32> to tensor<2x8xf32>
  // CHECK: ropt.dispatch @e::@x(%[[DENSE]], %[[ROWS]], %{{.+}}) reads [0, 1] writes [2] : (memref<4x4xf32>, memref<2x8xf32, strided<[8, 1], offset: ?>>, memref<4xf32>)
  %0 = flow.dispatch @e::@x(%columns, %rows) : (tensor<4x4xf32>, tensor<2x8xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// What is read later is not written in place.
// CHECK-LABEL: func.func @read_after(
// CHECK-SAME: %[[A:.+]]: memref<4xf32>
func.func @read_after(%a: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK: %[[NEW:.+]] = memref.alloc
  // CHECK: ropt.dispatch @e::@make(%[[NEW]])
  %0 = flow.dispatch @e::@make() : () -> tensor<4xf32>
  // CHECK: %[[COPY:.+]] = memref.alloc
  // CHECK: memref.copy %[[NEW]], %[[COPY]]
  // CHECK: ropt.dispatch @e::@tied(%[[COPY]]) reads [0] writes [0]
  %1 = flow.dispatch @e::@tied(%0) : (tensor<4xf32>) -> %0
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
