// A loop on the host adds rows of updates into rows chosen by an index tensor.
// call: main(10x6xf32, 15x6xf32, 15xi32 in 0..10)
func.func @main(%init: tensor<10x6xf32>, %updates: tensor<15x6xf32>, %indices: tensor<15xi32>) -> tensor<10x6xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c15 = arith.constant 15 : index
  %y = scf.for %i = %c0 to %c15 step %c1 iter_args(%acc = %init) -> (tensor<10x6xf32>) {
    %at = tensor.extract %indices[%i] : tensor<15xi32>
    %row = arith.index_cast %at : i32 to index
    %u = tensor.extract_slice %updates[%i, 0] [1, 6] [1, 1] : tensor<15x6xf32> to tensor<1x6xf32>
    %old = tensor.extract_slice %acc[%row, 0] [1, 6] [1, 1] : tensor<10x6xf32> to tensor<1x6xf32>
    %e = tensor.empty() : tensor<1x6xf32>
    %new = linalg.add ins(%old, %u : tensor<1x6xf32>, tensor<1x6xf32>) outs(%e : tensor<1x6xf32>) -> tensor<1x6xf32>
    %next = tensor.insert_slice %new into %acc[%row, 0] [1, 6] [1, 1] : tensor<1x6xf32> into tensor<10x6xf32>
    scf.yield %next : tensor<10x6xf32>
  }
  return %y : tensor<10x6xf32>
}
