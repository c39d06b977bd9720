// sin and cos of f32 become functions; f64 and other ops stay.
// RUN: ropt %s --pass-pipeline='builtin.module(gpu-expand-single-math)' | FileCheck %s

// CHECK: func.func private @ropt_reduce_f32(%{{.*}}: i32) -> (i32, f32, f32)
// CHECK-LABEL: func.func @both
func.func @both(%x: f32, %y: f64) -> (f32, f64, f32) {
  // CHECK: call @ropt_sin_f32(%{{.*}}) : (f32) -> f32
  %a = math.sin %x : f32
  // CHECK: call @ropt_cos_f32
  %b = math.cos %a : f32
  // CHECK: math.sin %{{.*}} : f64
  %c = math.sin %y : f64
  // CHECK: math.tanh %{{.*}} : f32
  %d = math.tanh %b : f32
  return %a, %c, %d : f32, f64, f32
}
