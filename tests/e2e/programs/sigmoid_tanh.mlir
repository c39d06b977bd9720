// Two activations of one input, as two results.
// call: main(257xf32 in -10..10)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<257xf32>) -> (tensor<257xf32>, tensor<257xf32>) {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<257xf32>
  %y:2 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]} ins(%x : tensor<257xf32>) outs(%e, %e : tensor<257xf32>, tensor<257xf32>) {
  ^bb0(%v: f32, %o0: f32, %o1: f32):
    %neg = arith.negf %v : f32
    %exp = math.exp %neg : f32
    %den = arith.addf %exp, %one : f32
    %sig = arith.divf %one, %den : f32
    %tanh = math.tanh %v : f32
    linalg.yield %sig, %tanh : f32, f32
  } -> (tensor<257xf32>, tensor<257xf32>)
  return %y#0, %y#1 : tensor<257xf32>, tensor<257xf32>
}
