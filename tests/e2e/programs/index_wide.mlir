// Indices beyond 32 bits as values: products, quotients, comparisons, sums along a row, casts both ways. No memory is large.
// call: main(i64=-5000000000, 19xi64)
// call: main(i64=9000000000000, 19xi64)
#id = affine_map<(i) -> (i)>
#all = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @main(%k: i64, %x: tensor<19xi64>) -> (tensor<19xi64>, tensor<19xi64>, tensor<19xi32>, tensor<19xf64>, tensor<19xi64>, tensor<7xi64>) {
  %e = tensor.empty() : tensor<19xi64>
  %e32 = tensor.empty() : tensor<19xi32>
  %ef = tensor.empty() : tensor<19xf64>
  %c3g = arith.constant 3000000000 : index
  %c7 = arith.constant 7 : index
  %c10g = arith.constant 10000000000 : index
  %zero = arith.constant 0 : i64
  %kk = arith.index_cast %k : i64 to index
  %r:5 = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id, #id], iterator_types = ["parallel"]} ins(%x : tensor<19xi64>) outs(%e, %e, %e32, %ef, %e : tensor<19xi64>, tensor<19xi64>, tensor<19xi32>, tensor<19xf64>, tensor<19xi64>) {
  ^bb0(%v: i64, %o0: i64, %o1: i64, %o2: i32, %o3: f64, %o4: i64):
    %i = linalg.index 0 : index
    %p = arith.muli %i, %c3g : index
    %q = arith.addi %p, %kk : index
    %whole = arith.index_cast %q : index to i64
    %part = arith.divsi %p, %c7 : index
    %rest = arith.remui %p, %c10g : index
    %both = arith.addi %part, %rest : index
    %quotients = arith.index_cast %both : index to i64
    %more = arith.cmpi sgt, %q, %c10g : index
    %less = arith.cmpi ult, %p, %c10g : index
    %m32 = arith.extui %more : i1 to i32
    %l32 = arith.extui %less : i1 to i32
    %truth = arith.addi %m32, %l32 : i32
    %f = arith.sitofp %whole : i64 to f64
    %given = arith.index_cast %v : i64 to index
    %largest = arith.maxsi %given, %q : index
    %l = arith.index_cast %largest : index to i64
    linalg.yield %whole, %quotients, %truth, %f, %l : i64, i64, i32, f64, i64
  } -> (tensor<19xi64>, tensor<19xi64>, tensor<19xi32>, tensor<19xf64>, tensor<19xi64>)
  %es = tensor.empty() : tensor<7xi64>
  %start = linalg.fill ins(%zero : i64) outs(%es : tensor<7xi64>) -> tensor<7xi64>
  %shape = tensor.empty() : tensor<7x40xi8>
  %sum = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%shape : tensor<7x40xi8>) outs(%start : tensor<7xi64>) {
  ^bb0(%unused: i8, %so_far: i64):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %a = arith.muli %i, %c3g : index
    %b = arith.muli %j, %c10g : index
    %c = arith.addi %a, %b : index
    %d = arith.index_cast %c : index to i64
    %s = arith.addi %so_far, %d : i64
    linalg.yield %s : i64
  } -> tensor<7xi64>
  return %r#0, %r#1, %r#2, %r#3, %r#4, %sum : tensor<19xi64>, tensor<19xi64>, tensor<19xi32>, tensor<19xf64>, tensor<19xi64>, tensor<7xi64>
}
