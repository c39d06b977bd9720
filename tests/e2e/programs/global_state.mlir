// State in util.global, a tensor and a scalar, changed by calls in sequence.
// call: main(4xf32)
util.global private mutable @sum = dense<1.0> : tensor<4xf32>
util.global private mutable @count = 10 : i32
func.func private @step(%x: tensor<4xf32>) {
  %old = util.global.load @sum : tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %new = linalg.add ins(%old, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  util.global.store %new, @sum : tensor<4xf32>
  %n = util.global.load @count : i32
  %one = arith.constant 1 : i32
  %m = arith.addi %n, %one : i32
  util.global.store %m, @count : i32
  return
}
func.func @main(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, i32) {
  call @step(%x) : (tensor<4xf32>) -> ()
  %first = util.global.load @sum : tensor<4xf32>
  call @step(%x) : (tensor<4xf32>) -> ()
  call @step(%first) : (tensor<4xf32>) -> ()
  %last = util.global.load @sum : tensor<4xf32>
  %n = util.global.load @count : i32
  return %first, %last, %n : tensor<4xf32>, tensor<4xf32>, i32
}
