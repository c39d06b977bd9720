// 64-bit multiplication, addition and comparison that do not fit 32 bits.
// call: main(45xi64 in -4000000000..4000000000, 45xi64 in -2000000000..2000000000)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<45xi64>, %y: tensor<45xi64>) -> tensor<45xi64> {
  %e = tensor.empty() : tensor<45xi64>
  %r = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%x, %y : tensor<45xi64>, tensor<45xi64>) outs(%e : tensor<45xi64>) {
  ^bb0(%a: i64, %b: i64, %o: i64):
    %p = arith.muli %a, %b : i64
    %less = arith.cmpi slt, %a, %b : i64
    %s = arith.subi %p, %a : i64
    %t = arith.select %less, %p, %s : i64
    linalg.yield %t : i64
  } -> tensor<45xi64>
  return %r : tensor<45xi64>
}
