// Product along the innermost dimension, of values near one.
// call: main(12x19xf32 in 0.5..1.5)
func.func @main(%x: tensor<12x19xf32>) -> tensor<12xf32> {
  %one = arith.constant 1.0 : f32
  %empty = tensor.empty() : tensor<12xf32>
  %init = linalg.fill ins(%one : f32) outs(%empty : tensor<12xf32>) -> tensor<12xf32>
  %y = linalg.reduce ins(%x : tensor<12x19xf32>) outs(%init : tensor<12xf32>) dimensions = [1]
    (%v: f32, %acc: f32) {
      %p = arith.mulf %v, %acc : f32
      linalg.yield %p : f32
    }
  return %y : tensor<12xf32>
}
