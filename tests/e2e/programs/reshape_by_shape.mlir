// Reshapes to sizes that a shape tensor holds when the program runs: of the call, of the host, and of a kernel.
// call: main(6x4xf32, 3xi64=[2, 3, 4], 2xi32=[8, 3])
// call: main(10x12xf32, 3xi64=[1, 120, 1], 2xi32=[120, 1])
// call: main(0x4xf32, 3xi64=[7, 0, 5], 2xi32=[3, 0])
func.func @main(%x: tensor<?x?xf32>, %three: tensor<3xi64>, %two: tensor<2xi32>) -> (tensor<?x?x?xf32>, tensor<?x?xf32>, tensor<?xf32>, tensor<?x2xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %deep = tensor.reshape %x(%three) : (tensor<?x?xf32>, tensor<3xi64>) -> tensor<?x?x?xf32>
  %m = tensor.dim %x, %c0 : tensor<?x?xf32>
  %n = tensor.dim %x, %c1 : tensor<?x?xf32>
  %mn = arith.muli %m, %n : index
  %count = tensor.from_elements %mn : tensor<1xindex>
  %double = arith.addf %deep, %deep : tensor<?x?x?xf32>
  %flat = tensor.reshape %double(%count) : (tensor<?x?x?xf32>, tensor<1xindex>) -> tensor<?xf32>
  %matrix = tensor.reshape %flat(%two) : (tensor<?xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  %half = arith.divsi %mn, %c2 : index
  %pairs_shape = tensor.from_elements %half, %c2 : tensor<2xindex>
  %pairs = tensor.reshape %flat(%pairs_shape) : (tensor<?xf32>, tensor<2xindex>) -> tensor<?x2xf32>
  %squares = arith.mulf %pairs, %pairs : tensor<?x2xf32>
  return %deep, %matrix, %flat, %squares : tensor<?x?x?xf32>, tensor<?x?xf32>, tensor<?xf32>, tensor<?x2xf32>
}
