// Math ops of f64 become functions of sums, products and bits; f32 stays.
// RUN: ropt %s --pass-pipeline='builtin.module(gpu-expand-double-math)' --split-input-file | FileCheck %s

// CHECK: func.func private @ropt_exp_f64
// CHECK: func.func private @ropt_log_f64
// CHECK-LABEL: func.func @both
func.func @both(%x: f64, %y: f32) -> (f64, f64, f32) {
  // CHECK: call @ropt_exp_f64
  %a = math.exp %x : f64
  // CHECK: call @ropt_log_f64
  %b = math.log %a : f64
  // CHECK: math.exp %{{.*}} : f32
  %c = math.exp %y : f32
  return %a, %b, %c : f64, f64, f32
}

// -----

// What is there is not put there again.
// CHECK-COUNT-1: func.func private @ropt_reduce_f64
// CHECK-NOT: func.func private @ropt_reduce_f64
// CHECK-LABEL: func.func @circular
func.func @circular(%x: f64, %y: f64) -> f64 {
  // CHECK: call @ropt_sin_f64(%{{.*}}) : (f64) -> f64
  %a = math.sin %x : f64
  // CHECK: call @ropt_cos_f64
  %b = math.cos %a : f64
  // CHECK: call @ropt_erf_f64
  %c = math.erf %b : f64
  // CHECK: call @ropt_pow_f64(%{{.*}}, %{{.*}}) : (f64, f64) -> f64
  %d = math.powf %c, %y : f64
  return %d : f64
}

// -----

// Both results of sincos, whole exponents, and what is made of comparisons.
// CHECK-LABEL: func.func @others
func.func @others(%x: f64, %k: i32) -> (f64, f64, f64, f64) {
  // CHECK: %[[SIN:.*]] = call @ropt_sin_f64(%arg0)
  // CHECK: %[[COS:.*]] = call @ropt_cos_f64(%arg0)
  %s, %c = math.sincos %x : f64
  // CHECK: %[[CLAMPED:.*]] = call @ropt_clamp_f64(%arg0, %[[SIN]], %[[COS]])
  %d = math.clampf %x to [%s, %c] : f64
  // CHECK: call @ropt_fpowi_f64(%[[CLAMPED]], %arg1) : (f64, i32) -> f64
  %p = math.fpowi %d, %k : f64, i32
  // CHECK: call @ropt_trunc_f64
  %t = math.trunc %p : f64
  return %s, %c, %p, %t : f64, f64, f64, f64
}
