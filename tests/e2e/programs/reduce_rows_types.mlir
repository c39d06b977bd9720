// Sums and maxima along rows in types that subgroups do not exchange as words, and of a row's length known at run time.
// call: main(7x200xf64, 9x320xf16 in -1..1, 6x150xi64, 4x96xi32, 11x130xf32)
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @main(%a: tensor<7x200xf64>, %b: tensor<9x320xf16>, %c: tensor<6x150xi64>, %d: tensor<4x96xi32>, %e: tensor<?x?xf32>) -> (tensor<7xf64>, tensor<9xf16>, tensor<6xi64>, tensor<4xi32>, tensor<?xf32>) {
  %z0 = arith.constant 0.0 : f64
  %z1 = arith.constant 0xFC00 : f16
  %z2 = arith.constant 0 : i64
  %z3 = arith.constant -2147483648 : i32
  %z4 = arith.constant 1.0 : f32
  %index0 = arith.constant 0 : index
  %rows = tensor.dim %e, %index0 : tensor<?x?xf32>
  %e0 = tensor.empty() : tensor<7xf64>
  %e1 = tensor.empty() : tensor<9xf16>
  %e2 = tensor.empty() : tensor<6xi64>
  %e3 = tensor.empty() : tensor<4xi32>
  %e4 = tensor.empty(%rows) : tensor<?xf32>
  %i0 = linalg.fill ins(%z0 : f64) outs(%e0 : tensor<7xf64>) -> tensor<7xf64>
  %i1 = linalg.fill ins(%z1 : f16) outs(%e1 : tensor<9xf16>) -> tensor<9xf16>
  %i2 = linalg.fill ins(%z2 : i64) outs(%e2 : tensor<6xi64>) -> tensor<6xi64>
  %i3 = linalg.fill ins(%z3 : i32) outs(%e3 : tensor<4xi32>) -> tensor<4xi32>
  %i4 = linalg.fill ins(%z4 : f32) outs(%e4 : tensor<?xf32>) -> tensor<?xf32>
  %r0 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%a : tensor<7x200xf64>) outs(%i0 : tensor<7xf64>) {
  ^bb0(%x: f64, %s: f64):
    %v = arith.addf %s, %x : f64
    linalg.yield %v : f64
  } -> tensor<7xf64>
  %r1 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%b : tensor<9x320xf16>) outs(%i1 : tensor<9xf16>) {
  ^bb0(%x: f16, %s: f16):
    %v = arith.maximumf %s, %x : f16
    linalg.yield %v : f16
  } -> tensor<9xf16>
  %r2 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%c : tensor<6x150xi64>) outs(%i2 : tensor<6xi64>) {
  ^bb0(%x: i64, %s: i64):
    %v = arith.addi %s, %x : i64
    linalg.yield %v : i64
  } -> tensor<6xi64>
  %r3 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%d : tensor<4x96xi32>) outs(%i3 : tensor<4xi32>) {
  ^bb0(%x: i32, %s: i32):
    %v = arith.maxsi %s, %x : i32
    linalg.yield %v : i32
  } -> tensor<4xi32>
  %r4 = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%e : tensor<?x?xf32>) outs(%i4 : tensor<?xf32>) {
  ^bb0(%x: f32, %s: f32):
    %v = arith.addf %s, %x : f32
    linalg.yield %v : f32
  } -> tensor<?xf32>
  return %r0, %r1, %r2, %r3, %r4 : tensor<7xf64>, tensor<9xf16>, tensor<6xi64>, tensor<4xi32>, tensor<?xf32>
}
