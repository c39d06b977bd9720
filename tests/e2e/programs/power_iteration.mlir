// A dispatch inside a host loop whose trip count is an argument.
// call: main(12x12xf32, 12xf32, i32=5)
// call: main(12x12xf32, 12xf32, i32=0)
func.func @main(%a: tensor<12x12xf32>, %x: tensor<12xf32>, %steps: i32) -> tensor<12xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.index_cast %steps : i32 to index
  %zero = arith.constant 0.0 : f32
  %y = scf.for %i = %c0 to %n step %c1 iter_args(%v = %x) -> (tensor<12xf32>) {
    %e = tensor.empty() : tensor<12xf32>
    %init = linalg.fill ins(%zero : f32) outs(%e : tensor<12xf32>) -> tensor<12xf32>
    %next = linalg.matvec ins(%a, %v : tensor<12x12xf32>, tensor<12xf32>) outs(%init : tensor<12xf32>) -> tensor<12xf32>
    scf.yield %next : tensor<12xf32>
  }
  return %y : tensor<12xf32>
}
