// State whose size changes with what is stored, in both dialects; empty until the first store.
// call: main(5xf32, 12xf32)
// call: main(1xf32, 70000xf32)
#id = affine_map<(i) -> (i)>
util.global private mutable @all : tensor<?xf32>
ml_program.global private mutable @pairs : tensor<?x2xf32>
func.func private @append(%x: tensor<?xf32>) {
  %old = util.global.load @all : tensor<?xf32>
  %joined = tensor.concat dim(0) %old, %x : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  util.global.store %joined, @all : tensor<?xf32>
  return
}
func.func @main(%x: tensor<?xf32>, %y: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?x2xf32>, i64, i64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %none = util.global.load @all : tensor<?xf32>
  %empty = tensor.dim %none, %c0 : tensor<?xf32>
  call @append(%x) : (tensor<?xf32>) -> ()
  %first = util.global.load @all : tensor<?xf32>
  call @append(%y) : (tensor<?xf32>) -> ()
  %both = util.global.load @all : tensor<?xf32>
  %n = tensor.dim %both, %c0 : tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %square = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%both : tensor<?xf32>) outs(%e : tensor<?xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = arith.mulf %v, %v : f32
    linalg.yield %s : f32
  } -> tensor<?xf32>
  util.global.store %square, @all : tensor<?xf32>
  util.global.store %first, @all : tensor<?xf32>
  util.global.store %square, @all : tensor<?xf32>
  %column = tensor.expand_shape %square [[0, 1]] output_shape [%n, 1] : tensor<?xf32> into tensor<?x1xf32>
  %pairs = tensor.concat dim(1) %column, %column : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  ml_program.global_store @pairs = %pairs : tensor<?x2xf32>
  %last = util.global.load @all : tensor<?xf32>
  %stored = ml_program.global_load @pairs : tensor<?x2xf32>
  %rows = tensor.dim %stored, %c0 : tensor<?x2xf32>
  %r = arith.index_cast %rows : index to i64
  %z = arith.index_cast %empty : index to i64
  return %first, %last, %stored, %r, %z : tensor<?xf32>, tensor<?xf32>, tensor<?x2xf32>, i64, i64
}
