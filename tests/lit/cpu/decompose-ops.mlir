// A softmax becomes its reductions and elementwise ops.
// RUN: ropt %s --pass-pipeline='builtin.module(cpu-decompose-ops)' | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-NOT: linalg.softmax
// CHECK: math.exp
func.func @f(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %y = linalg.softmax dimension(1) ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// A product of numbers without signs is a generic op; one of signed numbers keeps its name.
// CHECK-LABEL: func.func @unsigned
// CHECK: linalg.generic
// CHECK: arith.extui
func.func @unsigned(%a: tensor<8x24xi8>, %b: tensor<24x32xi8>, %c: tensor<8x32xi32>) -> tensor<8x32xi32> {
  %r = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<8x24xi8>, tensor<24x32xi8>) outs(%c : tensor<8x32xi32>) -> tensor<8x32xi32>
  return %r : tensor<8x32xi32>
}

// CHECK-LABEL: func.func @signed
// CHECK: linalg.matmul ins
func.func @signed(%a: tensor<8x24xi8>, %b: tensor<24x32xi8>, %c: tensor<8x32xi32>) -> tensor<8x32xi32> {
  %r = linalg.matmul ins(%a, %b : tensor<8x24xi8>, tensor<24x32xi8>) outs(%c : tensor<8x32xi32>) -> tensor<8x32xi32>
  return %r : tensor<8x32xi32>
}
