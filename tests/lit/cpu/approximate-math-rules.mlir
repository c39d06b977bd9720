// RUN: ropt %s --pass-pipeline='builtin.module(cpu-approximate-math)' | FileCheck %s
// RUN: ropt %s --pass-pipeline='builtin.module(cpu-approximate-math{ops=math.tanh})' | FileCheck %s --check-prefix=ONE

// CHECK-LABEL: func.func @f
// CHECK-NOT: math.exp
// CHECK: math.sin
// ONE: math.exp
func.func @f(%x: vector<16xf32>) -> (vector<16xf32>, vector<16xf32>) {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.sin %x : vector<16xf32>
  return %0, %1 : vector<16xf32>, vector<16xf32>
}
