// RUN: ropt %s | FileCheck %s
// RUN: ropt %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | ropt | FileCheck %s
// RUN: ropt --emit-bytecode %s | ropt | FileCheck %s
// RUN: ropt --mlir-print-op-generic %s | FileCheck %s --check-prefix=GENERIC

// CHECK-LABEL: func.func @dispatch
// CHECK-SAME: %[[A:.+]]: tensor<4xf32>, %[[B:.+]]: tensor<?x?xf32>, %[[X:.+]]: i32, %[[I:.+]]: index, %[[J:.+]]: index
func.func @dispatch(%a: tensor<4xf32>, %b: tensor<?x?xf32>, %x: i32, %i: index, %j: index) {
  // The executable's name alone.
  // CHECK: flow.dispatch @exe(%[[A]]) : (tensor<4xf32>) -> tensor<4xf32>
  %0 = flow.dispatch @exe(%a) : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: flow.dispatch @exe::@export[%[[I]], %[[J]]](%[[A]], %[[B]], %[[X]]) : (tensor<4xf32>, tensor<?x?xf32>{%[[I]], %[[J]]}, i32) -> tensor<?xf32>{%[[J]]}
  // GENERIC: "flow.dispatch"(%{{.+}}) <{entry_points = [@exe::@export], operandSegmentSizes = array<i32: 2, 3, 2, 1>, tied_operands = [-1 : index]}>
  %1 = flow.dispatch @exe::@export[%i, %j](%a, %b, %x) : (tensor<4xf32>, tensor<?x?xf32>{%i, %j}, i32) -> tensor<?xf32>{%j}
  // CHECK: flow.dispatch @exe::@variant::@export(%[[A]]) {note} : (tensor<4xf32>) -> tensor<4xf32>
  %2 = flow.dispatch @exe::@variant::@export(%a) {note} : (tensor<4xf32>) -> tensor<4xf32>
  // Several exports, of which one is chosen later.
  // CHECK: flow.dispatch {@exe::@a, @exe::@b}(%[[A]]) : (tensor<4xf32>) -> tensor<4xf32>
  %3 = flow.dispatch {@exe::@a, @exe::@b}(%a) : (tensor<4xf32>) -> tensor<4xf32>
  // Tied results, as themselves and as another type.
  // CHECK: %{{.+}}:3 = flow.dispatch @exe::@export(%[[A]], %[[B]]) : (tensor<4xf32>, tensor<?x?xf32>{%[[I]], %[[J]]}) -> (%[[A]], tensor<?xf32>{%[[I]]}, %[[B]] as tensor<?xf32>{%[[J]]})
  // GENERIC: tied_operands = [0 : index, -1 : index, 1 : index]
  %4:3 = flow.dispatch @exe::@export(%a, %b) : (tensor<4xf32>, tensor<?x?xf32>{%i, %j}) -> (%a, tensor<?xf32>{%i}, %b as tensor<?xf32>{%j})
  // CHECK: flow.dispatch @exe::@export(%[[B]]) : (tensor<?x?xf32>{%[[I]], %[[J]]}) -> %[[B]]{%[[I]], %[[J]]}
  %5 = flow.dispatch @exe::@export(%b) : (tensor<?x?xf32>{%i, %j}) -> %b{%i, %j}
  // CHECK: flow.dispatch @exe::@export() : () -> ()
  flow.dispatch @exe::@export() : () -> ()
  return
}
