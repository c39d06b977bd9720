// State in upstream's ml_program.global.
// call: main(2x3xf32)
ml_program.global private mutable @state(dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>) : tensor<2x3xf32>
ml_program.global private @scale(dense<2.0> : tensor<2x3xf32>) : tensor<2x3xf32>
func.func private @step(%x: tensor<2x3xf32>) {
  %old = ml_program.global_load @state : tensor<2x3xf32>
  %scale = ml_program.global_load_const @scale : tensor<2x3xf32>
  %e = tensor.empty() : tensor<2x3xf32>
  %p = linalg.mul ins(%old, %scale : tensor<2x3xf32>, tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %new = linalg.add ins(%p, %x : tensor<2x3xf32>, tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  ml_program.global_store @state = %new : tensor<2x3xf32>
  return
}
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  call @step(%x) : (tensor<2x3xf32>) -> ()
  call @step(%x) : (tensor<2x3xf32>) -> ()
  %y = ml_program.global_load @state : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
