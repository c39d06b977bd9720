// exp of a vector becomes a polynomial.
// RUN: ropt %s --pass-pipeline='builtin.module(func.func(cpu-approximate-math))' | FileCheck %s

// CHECK-LABEL: func.func @f
// CHECK-NOT: math.exp
// CHECK: math.fma
func.func @f(%v: vector<8xf32>) -> vector<8xf32> {
  %r = math.exp %v : vector<8xf32>
  return %r : vector<8xf32>
}
