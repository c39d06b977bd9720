// The reduced dimension is empty: every sum is the initial value.
// call: main(5x0xf32)
func.func @main(%x: tensor<?x?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.dim %x, %c0 : tensor<?x?xf32>
  %init_value = arith.constant 2.5 : f32
  %e = tensor.empty(%m) : tensor<?xf32>
  %init = linalg.fill ins(%init_value : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %y = linalg.reduce ins(%x : tensor<?x?xf32>) outs(%init : tensor<?xf32>) dimensions = [1]
    (%v: f32, %acc: f32) {
      %s = arith.addf %v, %acc : f32
      linalg.yield %s : f32
    }
  return %y : tensor<?xf32>
}
