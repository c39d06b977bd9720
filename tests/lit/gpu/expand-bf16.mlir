// Values of bf16 become their bits; casts become ops on bits, every value that only moves changes its type.
// RUN: ropt %s --split-input-file --pass-pipeline='builtin.module(gpu-expand-bf16,canonicalize,cse)' --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @widened(%arg0: i16)
func.func @widened(%x: bf16) -> (f32, f64) {
  // CHECK: %[[WORD:.*]] = arith.extui %arg0 : i16 to i32
  // CHECK: %[[UPPER:.*]] = arith.shli %[[WORD]], %c16_i32
  // CHECK: %[[SINGLE:.*]] = arith.bitcast %[[UPPER]] : i32 to f32
  %a = arith.extf %x : bf16 to f32
  // CHECK: %[[DOUBLE:.*]] = arith.extf %[[SINGLE]] : f32 to f64
  %b = arith.extf %x : bf16 to f64
  // CHECK: return %[[SINGLE]], %[[DOUBLE]]
  return %a, %b : f32, f64
}

// Half of a unit is added, less one where the last digit that stays is even; NaN is chosen afterwards.
// CHECK-LABEL: func.func @narrowed
func.func @narrowed(%x: f32) -> i16 {
  // CHECK: %[[BITS:.*]] = arith.bitcast %arg0 : f32 to i32
  // CHECK: %[[SHIFTED:.*]] = arith.shrui %[[BITS]], %c16_i32
  // CHECK: %[[LAST:.*]] = arith.andi %[[SHIFTED]], %c1_i32
  // CHECK: %[[UP:.*]] = arith.addi %[[LAST]], %c32767_i32
  // CHECK: %[[SUM:.*]] = arith.addi %[[BITS]], %[[UP]]
  // CHECK: %[[UPPER:.*]] = arith.shrui %[[SUM]], %c16_i32
  // CHECK: %[[ROUNDED:.*]] = arith.trunci %[[UPPER]] : i32 to i16
  // CHECK: %[[NAN:.*]] = arith.cmpf uno, %arg0, %arg0
  // CHECK: %[[RESULT:.*]] = arith.select %[[NAN]], %c32704_i16, %[[ROUNDED]]
  %a = arith.truncf %x : f32 to bf16
  // CHECK: return %[[RESULT]]
  %b = arith.bitcast %a : bf16 to i16
  return %b : i16
}

// An f64 is cut to an f32 whose last digit tells that some were lost, so that it is rounded once.
// CHECK-LABEL: func.func @from_double
func.func @from_double(%x: vector<2xf64>) -> vector<2xbf16> {
  // CHECK: %[[SINGLE:.*]] = arith.truncf %arg0 : vector<2xf64> to vector<2xf32>
  // CHECK: %[[BACK:.*]] = arith.extf %[[SINGLE]]
  // CHECK: arith.cmpf ogt, %{{.*}} : vector<2xf64>
  // CHECK: arith.cmpf one, %[[BACK]], %arg0 : vector<2xf64>
  // CHECK: arith.subi
  // CHECK: arith.ori
  // CHECK: arith.trunci %{{.*}} : vector<2xi32> to vector<2xi16>
  %a = arith.truncf %x : vector<2xf64> to vector<2xbf16>
  return %a : vector<2xbf16>
}

// CHECK-LABEL: func.func @moved
// CHECK-SAME: (%arg0: i1, %arg1: i16, %arg2: memref<4xi16>, %arg3: index) -> i16
func.func @moved(%c: i1, %x: bf16, %m: memref<4xbf16>, %n: index) -> bf16 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK-DAG: %[[ONE:.*]] = arith.constant 16256 : i16
  %one = arith.constant 1.0 : bf16
  // CHECK-DAG: dense<[-16352, 32704]> : vector<2xi16>
  %pair = arith.constant dense<[-2.5, 0x7FC0]> : vector<2xbf16>
  // CHECK: %[[CHOSEN:.*]] = arith.select %arg0, %arg1, %[[ONE]] : i16
  %a = arith.select %c, %x, %one : bf16
  // CHECK: scf.for {{.*}} iter_args(%{{.*}} = %[[CHOSEN]]) -> (i16)
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%last = %a) -> bf16 {
    // CHECK: memref.load {{.*}} : memref<4xi16>
    %v = memref.load %m[%i] : memref<4xbf16>
    memref.store %last, %m[%i] : memref<4xbf16>
    scf.yield %v : bf16
  }
  vector.store %pair, %m[%c0] : memref<4xbf16>, vector<2xbf16>
  return %r : bf16
}

// -----

func.func @computes(%x: bf16) -> bf16 {
  // expected-error @below {{`arith.addf` computes with bf16}}
  // expected-note @below {{arith-emulate-unsupported-floats}}
  %a = arith.addf %x, %x : bf16
  return %a : bf16
}
