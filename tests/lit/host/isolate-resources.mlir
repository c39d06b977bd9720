// What a module refers to by name or by identity is the same after an isolated pass, also when something else changed.

// DEFINE: %{how} = --load-plugin=%bin/libhostile_passes.so --mlir-print-debuginfo --pass-pipeline='builtin.module(hostile-flip,func.func(hostile-not),hostile-shuffle{seed=3})'
// RUN: ropt %s --isolate=none %{how} -o %t.none
// RUN: ropt %s --isolate=fork %{how} -o %t.fork
// RUN: ropt %s --isolate=process %{how} -o %t.process
// RUN: diff %t.none %t.fork
// RUN: diff %t.none %t.process
// RUN: FileCheck %s < %t.process

// CHECK: #[[ONE:.*]] = distinct[0]<"one">
// CHECK-NOT: distinct[1]
// CHECK: attributes {hostile.flipped}
// CHECK: func.func @f_
// CHECK: {tag = #[[ONE]]} dense_resource<weights> : tensor<3xi32>
// CHECK: func.func @f()
// CHECK: {tag = #[[ONE]]} dense_resource<weights> : tensor<3xi32>
// CHECK: builtin: {
// CHECK-NEXT: weights: "0x04000000010000000200000003000000"
// CHECK-NEXT: }

func.func @f() -> tensor<3xi32> {
  %0 = arith.constant {tag = distinct[0]<"one">} dense_resource<weights> : tensor<3xi32>
  return %0 : tensor<3xi32>
}
func.func @g() -> tensor<3xi32> {
  %0 = arith.constant {tag = distinct[0]<"one">} dense_resource<weights> : tensor<3xi32>
  return %0 : tensor<3xi32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x04000000010000000200000003000000"
    }
  }
#-}
