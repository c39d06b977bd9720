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
