// Math functions of f32 become functions of sums, products and bits; f64, and what devices have exactly, stay.
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
  // CHECK: math.sqrt %{{.*}} : f32
  %d = math.sqrt %b : f32
  return %a, %c, %d : f32, f64, f32
}

// A vector's elements are called for one by one.
// CHECK-LABEL: func.func @vector
func.func @vector(%x: vector<1x2xf32>) -> vector<1x2xf32> {
  // CHECK: %[[X0:.*]] = vector.extract %{{.*}}[0, 0] : f32 from vector<1x2xf32>
  // CHECK: %[[Y0:.*]] = call @ropt_cos_f32(%[[X0]])
  // CHECK: %[[X1:.*]] = vector.extract %{{.*}}[0, 1]
  // CHECK: %[[Y1:.*]] = call @ropt_cos_f32(%[[X1]])
  // CHECK: vector.from_elements %[[Y0]], %[[Y1]] : vector<1x2xf32>
  %a = math.cos %x : vector<1x2xf32>
  return %a : vector<1x2xf32>
}

// CHECK-LABEL: func.func @exponents
func.func @exponents(%x: vector<2xf32>, %k: vector<2xi32>) -> vector<2xf32> {
  // CHECK: %[[K0:.*]] = vector.extract %arg1[0] : i32 from vector<2xi32>
  // CHECK: call @ropt_fpowi_f32(%{{.*}}, %[[K0]]) : (f32, i32) -> f32
  %a = math.fpowi %x, %k : vector<2xf32>, vector<2xi32>
  return %a : vector<2xf32>
}
