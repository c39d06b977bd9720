// A contraction with a batch gets operands of the type that it sums in, outside of its mask; others stay narrow.
// RUN: ropt %s --pass-pipeline='builtin.module(func.func(cpu-widen-contractions))' | FileCheck %s

#a = affine_map<(b, m, n, k) -> (b, m, k)>
#b = affine_map<(b, m, n, k) -> (b, k, n)>
#c = affine_map<(b, m, n, k) -> (b, m, n)>

// CHECK-LABEL: func.func @floats
// CHECK: %[[A:.*]] = arith.extf %{{.*}} : vector<1x8x4xf16> to vector<1x8x4xf32>
// CHECK: %[[B:.*]] = arith.extf %{{.*}} : vector<1x4x32xf16> to vector<1x4x32xf32>
// CHECK: vector.contract {{.*}} %[[A]], %[[B]], %{{.*}} : vector<1x8x4xf32>, vector<1x4x32xf32> into vector<1x8x32xf32>
func.func @floats(%a: vector<1x8x4xf16>, %b: vector<1x4x32xf16>, %c: vector<1x8x32xf32>) -> vector<1x8x32xf32> {
  %r = vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} %a, %b, %c : vector<1x8x4xf16>, vector<1x4x32xf16> into vector<1x8x32xf32>
  return %r : vector<1x8x32xf32>
}

// CHECK-LABEL: func.func @masked
// CHECK: arith.extsi %{{.*}} : vector<1x8x4xi8> to vector<1x8x4xi32>
// CHECK: arith.extsi %{{.*}} : vector<1x4x32xi8> to vector<1x4x32xi32>
// CHECK-NEXT: vector.mask
func.func @masked(%a: vector<1x8x4xi8>, %b: vector<1x4x32xi8>, %c: vector<1x8x32xi32>, %mask: vector<1x8x32x4xi1>) -> vector<1x8x32xi32> {
  %r = vector.mask %mask { vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} %a, %b, %c : vector<1x8x4xi8>, vector<1x4x32xi8> into vector<1x8x32xi32> } : vector<1x8x32x4xi1> -> vector<1x8x32xi32>
  return %r : vector<1x8x32xi32>
}

#v = affine_map<(b, m, k) -> (b, m, k)>
#w = affine_map<(b, m, k) -> (b, k)>
#x = affine_map<(b, m, k) -> (b, m)>

// CHECK-LABEL: func.func @vectors
// CHECK-COUNT-2: arith.extf
func.func @vectors(%a: vector<1x8x4xbf16>, %b: vector<1x4xbf16>, %c: vector<1x8xf32>) -> vector<1x8xf32> {
  %r = vector.contract {indexing_maps = [#v, #w, #x], iterator_types = ["parallel", "parallel", "reduction"]} %a, %b, %c : vector<1x8x4xbf16>, vector<1x4xbf16> into vector<1x8xf32>
  return %r : vector<1x8xf32>
}

#m = affine_map<(m, n, k) -> (m, k)>
#n = affine_map<(m, n, k) -> (k, n)>
#o = affine_map<(m, n, k) -> (m, n)>

// CHECK-LABEL: func.func @matrices
// CHECK-NOT: arith.extf
func.func @matrices(%a: vector<8x4xf16>, %b: vector<4x32xf16>, %c: vector<8x32xf32>) -> vector<8x32xf32> {
  %r = vector.contract {indexing_maps = [#m, #n, #o], iterator_types = ["parallel", "parallel", "reduction"]} %a, %b, %c : vector<8x4xf16>, vector<4x32xf16> into vector<8x32xf32>
  return %r : vector<8x32xf32>
}
