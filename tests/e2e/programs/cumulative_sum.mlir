// A loop on the host carries the running sum and writes each partial result.
// call: main(11x16xf32)
func.func @main(%x: tensor<11x16xf32>) -> tensor<11x16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c11 = arith.constant 11 : index
  %zero = arith.constant 0.0 : f32
  %erow = tensor.empty() : tensor<1x16xf32>
  %start = linalg.fill ins(%zero : f32) outs(%erow : tensor<1x16xf32>) -> tensor<1x16xf32>
  %e = tensor.empty() : tensor<11x16xf32>
  %out:2 = scf.for %i = %c0 to %c11 step %c1 iter_args(%sum = %start, %all = %e) -> (tensor<1x16xf32>, tensor<11x16xf32>) {
    %row = tensor.extract_slice %x[%i, 0] [1, 16] [1, 1] : tensor<11x16xf32> to tensor<1x16xf32>
    %next = linalg.add ins(%sum, %row : tensor<1x16xf32>, tensor<1x16xf32>) outs(%erow : tensor<1x16xf32>) -> tensor<1x16xf32>
    %written = tensor.insert_slice %next into %all[%i, 0] [1, 16] [1, 1] : tensor<1x16xf32> into tensor<11x16xf32>
    scf.yield %next, %written : tensor<1x16xf32>, tensor<11x16xf32>
  }
  return %out#1 : tensor<11x16xf32>
}
