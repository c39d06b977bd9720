// Functions of NVIDIA's library that are one instruction become intrinsics; others are named.
// RUN: ropt %s --pass-pipeline='builtin.module(gpu.module(cuda-lower-math-calls))' --split-input-file --verify-diagnostics | FileCheck %s

gpu.module @one {
  llvm.func @__nv_sqrtf(f32) -> f32
  llvm.func @__nv_floor(f64) -> f64
  // CHECK-NOT: __nv_
  // CHECK: llvm.func @k
  llvm.func @k(%x: f32, %y: f64) -> f64 {
    // CHECK: llvm.intr.sqrt(%{{.*}}) : (f32) -> f32
    %0 = llvm.call @__nv_sqrtf(%x) : (f32) -> f32
    // CHECK: llvm.intr.floor(%{{.*}}) : (f64) -> f64
    %1 = llvm.call @__nv_floor(%y) : (f64) -> f64
    llvm.return %1 : f64
  }
}

// -----

gpu.module @two {
  llvm.func @__nv_sinf(f32) -> f32
  llvm.func @k(%x: f32) -> f32 {
    // expected-error @+2 {{`sinf` is a function of NVIDIA's device library, which is not linked}}
    // expected-note @+1 {{help: write the kernel with what it is made of (math-expand-ops), or put an object in its place}}
    %0 = llvm.call @__nv_sinf(%x) : (f32) -> f32
    llvm.return %0 : f32
  }
}
