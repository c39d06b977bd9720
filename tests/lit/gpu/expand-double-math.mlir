// Math ops of f64 become functions of sums, products and bits; f32 stays; what has no such form is named.
// RUN: ropt %s --pass-pipeline='builtin.module(gpu-expand-double-math)' --split-input-file --verify-diagnostics | FileCheck %s

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

func.func @none(%x: f64) -> f64 {
  // expected-error @+3 {{`math.cbrt` of f64 is not available on this target}}
  // expected-note @+2 {{available in double precision: arithmetic, sqrt, exp, log, tanh, sin, cos, erf, pow, and what is made of these}}
  // expected-note @+1 {{help: compute it in f32 (arith.truncf, arith.extf), or let another target have the kernel}}
  %a = math.cbrt %x : f64
  return %a : f64
}
