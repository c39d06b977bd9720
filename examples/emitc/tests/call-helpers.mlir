// Ops without an operator in C become calls; sums of truth values what they mean.
// RUN: ropt "%s" "--load-plugin=%target" --pass-pipeline='builtin.module(c-call-helpers)' --pass-statistics 2>"%t.err" | FileCheck "%s"
// RUN: FileCheck "%s" --check-prefix=COUNT "--input-file=%t.err"

// CHECK-LABEL: func.func @floats
func.func @floats(%a: f32, %b: f32, %c: f64) -> (i32, f32, f64, i1) {
  // CHECK: emitc.call_opaque "ropt_c_i32_of_f32"(%{{.*}}) : (f32) -> i32
  %0 = arith.bitcast %a : f32 to i32
  // CHECK: emitc.call_opaque "fmodf"
  %1 = arith.remf %a, %b : f32
  // CHECK: emitc.call_opaque "copysign"
  %2 = math.copysign %c, %c : f64
  // CHECK: emitc.call_opaque "isnan"(%{{.*}}) : (f32) -> i1
  %3 = math.isnan %a : f32
  return %0, %1, %2, %3 : i32, f32, f64, i1
}

// CHECK-LABEL: func.func @truths
func.func @truths(%a: i1, %b: i1, %c: i16) -> (i1, i32, i16) {
  // CHECK: arith.xori %{{.*}} : i1
  %0 = arith.addi %a, %b : i1
  // CHECK: %[[MINUS:.*]] = arith.constant -1 : i32
  // CHECK: arith.select %{{.*}}, %[[MINUS]]
  %1 = arith.extsi %a : i1 to i32
  // CHECK: emitc.call_opaque "ropt_c_ctpop_i16"
  %2 = math.ctpop %c : i16
  return %0, %1, %2 : i1, i32, i16
}

// CHECK-LABEL: func.func @indices
func.func @indices(%a: index, %b: index) -> index {
  // CHECK: %[[A:.*]] = arith.index_cast %{{.*}} : index to i64
  // CHECK: %[[B:.*]] = arith.index_cast %{{.*}} : index to i64
  // CHECK: %[[C:.*]] = arith.divsi %[[A]], %[[B]] : i64
  // CHECK: arith.index_cast %[[C]] : i64 to index
  %0 = arith.divsi %a, %b : index
  // CHECK: arith.remui %{{.*}} : i64
  %1 = arith.remui %0, %b : index
  return %1 : index
}

// COUNT: 9 replaced
