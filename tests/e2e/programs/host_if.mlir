// The host branches on a value that a dispatch computed.
// call: main(16xf32 in 0.1..1)
// call: main(16xf32 in -1..-0.1)
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<16xf32>) -> tensor<16xf32> {
  %zero = arith.constant 0.0 : f32
  %er = tensor.empty() : tensor<f32>
  %init = linalg.fill ins(%zero : f32) outs(%er : tensor<f32>) -> tensor<f32>
  %sum = linalg.reduce ins(%x : tensor<16xf32>) outs(%init : tensor<f32>) dimensions = [0]
    (%v: f32, %acc: f32) {
      %s = arith.addf %v, %acc : f32
      linalg.yield %s : f32
    }
  %total = tensor.extract %sum[] : tensor<f32>
  %positive = arith.cmpf ogt, %total, %zero : f32
  %y = scf.if %positive -> (tensor<16xf32>) {
    %e = tensor.empty() : tensor<16xf32>
    %d = linalg.add ins(%x, %x : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
    scf.yield %d : tensor<16xf32>
  } else {
    %e = tensor.empty() : tensor<16xf32>
    %n = linalg.negf ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
    scf.yield %n : tensor<16xf32>
  }
  return %y : tensor<16xf32>
}
