// A user's schedule goes before the built-in one; one that does not fit leaves the kernel as it was, with a remark.
// RUN: rm -rf %t && split-file %s %t
// RUN: ropt %t/kernel.mlir --pass-pipeline='builtin.module(cpu-apply-schedule{schedules=%t})' | FileCheck %s --check-prefix=MINE
// RUN: ropt %t/kernel.mlir --pass-pipeline='builtin.module(cpu-apply-schedule)' | FileCheck %s --check-prefix=OURS
// RUN: ropt %t/kernel.mlir --pass-pipeline='builtin.module(cpu-apply-schedule{plain=true})' | FileCheck %s --check-prefix=PLAIN
// RUN: mv %t/refuse.mlir %t/elementwise.mlir
// RUN: ropt %t/kernel.mlir --pass-pipeline='builtin.module(cpu-apply-schedule{schedules=%t})' 2>&1 | FileCheck %s --check-prefix=REFUSED

// MINE: scf.for {{.*}} step %c4
// MINE-NOT: ropt.
// OURS: vector.transfer_read
// OURS-NOT: ropt.
// PLAIN: linalg.generic
// PLAIN-NOT: {{scf.for|ropt\.}}
// REFUSED: remark: `k` takes the plain path: schedule `elementwise` does not fit
// REFUSED: linalg.generic
// REFUSED-NOT: scf.for

//--- kernel.mlir
func.func @k(%a: tensor<8x64xf32>, %o: tensor<8x64xf32>) -> tensor<8x64xf32>
    attributes {ropt.schedule = "elementwise", ropt.tiles = {order = array<i64: 0>, peel = array<i64>, register = array<i64: 4, 0>}} {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<8x64xf32>) outs(%o : tensor<8x64xf32>) attrs = {ropt.root, ropt.sink} {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %x : f32
    linalg.yield %s : f32
  } -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}

//--- elementwise.mlir
module attributes {transform.with_named_sequence} {
  transform.named_sequence @schedule(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes{ropt.sink} in %root : (!transform.any_op) -> !transform.any_op
    %tile, %loops:{{register.loops}} = transform.structured.tile_using_for %op tile_sizes [{{register}}] : (!transform.any_op) -> (!transform.any_op{{register.types}})
    transform.yield
  }
}

//--- refuse.mlir
module attributes {transform.with_named_sequence} {
  transform.named_sequence @schedule(%root: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes{ropt.sink} in %root : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.structured.tile_using_for %op tile_sizes [0, 0, 7] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
