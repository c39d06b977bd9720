// Comparison, selection, shifts, signed and unsigned division and remainder.
// call: main(64xi32 in -500..500, 64xi32 in 1..31)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<64xi32>, %y: tensor<64xi32>) -> (tensor<64xi32>, tensor<64xi32>, tensor<64xi32>) {
  %e = tensor.empty() : tensor<64xi32>
  %r:3 = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id], iterator_types = ["parallel"]} ins(%x, %y : tensor<64xi32>, tensor<64xi32>) outs(%e, %e, %e : tensor<64xi32>, tensor<64xi32>, tensor<64xi32>) {
  ^bb0(%a: i32, %b: i32, %o0: i32, %o1: i32, %o2: i32):
    %q = arith.divsi %a, %b : i32
    %m = arith.remsi %a, %b : i32
    %uq = arith.divui %a, %b : i32
    %um = arith.remui %a, %b : i32
    %s0 = arith.addi %q, %m : i32
    %s1 = arith.xori %uq, %um : i32
    %l = arith.shli %a, %b : i32
    %rs = arith.shrsi %a, %b : i32
    %ru = arith.shrui %a, %b : i32
    %less = arith.cmpi slt, %a, %b : i32
    %uless = arith.cmpi ult, %a, %b : i32
    %p0 = arith.select %less, %l, %rs : i32
    %p1 = arith.select %uless, %ru, %p0 : i32
    %mn = arith.minsi %a, %b : i32
    %mx = arith.maxui %a, %b : i32
    %z = arith.subi %mn, %mx : i32
    %w = arith.addi %s0, %s1 : i32
    linalg.yield %w, %p1, %z : i32, i32, i32
  } -> (tensor<64xi32>, tensor<64xi32>, tensor<64xi32>)
  return %r#0, %r#1, %r#2 : tensor<64xi32>, tensor<64xi32>, tensor<64xi32>
}
