// Doubles a vector until its first element passes a limit; counts the steps.
// call: main(8xf32 in 1..2, f32=100)
// call: main(8xf32 in 1..2, f32=0.5)
func.func @main(%x: tensor<8xf32>, %limit: f32) -> (tensor<8xf32>, i32) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %y:2 = scf.while (%v = %x, %n = %zero) : (tensor<8xf32>, i32) -> (tensor<8xf32>, i32) {
    %first = tensor.extract %v[%c0] : tensor<8xf32>
    %less = arith.cmpf olt, %first, %limit : f32
    scf.condition(%less) %v, %n : tensor<8xf32>, i32
  } do {
  ^bb0(%v: tensor<8xf32>, %n: i32):
    %e = tensor.empty() : tensor<8xf32>
    %d = linalg.add ins(%v, %v : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
    %m = arith.addi %n, %one : i32
    scf.yield %d, %m : tensor<8xf32>, i32
  }
  return %y#0, %y#1 : tensor<8xf32>, i32
}
