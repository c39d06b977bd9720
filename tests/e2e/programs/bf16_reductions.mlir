// bf16 reduced: the largest and where it is, sums, a softmax, poolings. The largest are exact, what is summed is rounded
// to bf16's eight binary digits at every step.
// call: main(9x300xf32 in 0..1, 6x77xf32 in -8..8, 1x12x10x6xf32)
// tolerance: 2e-2
#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<9x300xf32>, %y: tensor<6x77xf32>, %z: tensor<1x12x10x6xf32>) -> (tensor<9xf32>, tensor<9xi32>, tensor<9xf32>, tensor<6x77xf32>, tensor<1x6x5x6xf32>) {
  %nx = arith.truncf %x : tensor<9x300xf32> to tensor<9x300xbf16>
  %ny = arith.truncf %y : tensor<6x77xf32> to tensor<6x77xbf16>
  %nz = arith.truncf %z : tensor<1x12x10x6xf32> to tensor<1x12x10x6xbf16>
  %b:3 = util.optimization_barrier %nx, %ny, %nz : tensor<9x300xbf16>, tensor<6x77xbf16>, tensor<1x12x10x6xbf16>
  %lowest = arith.constant 0xFF80 : bf16
  %none = arith.constant 0 : i32
  %ev = tensor.empty() : tensor<9xbf16>
  %ei = tensor.empty() : tensor<9xi32>
  %iv = linalg.fill ins(%lowest : bf16) outs(%ev : tensor<9xbf16>) -> tensor<9xbf16>
  %ii = linalg.fill ins(%none : i32) outs(%ei : tensor<9xi32>) -> tensor<9xi32>
  %first:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "reduction"]} ins(%b#0 : tensor<9x300xbf16>) outs(%iv, %ii : tensor<9xbf16>, tensor<9xi32>) {
  ^bb0(%v: bf16, %best: bf16, %at: i32):
    %j = linalg.index 1 : index
    %here = arith.index_cast %j : index to i32
    %more = arith.cmpf ogt, %v, %best : bf16
    %nv = arith.select %more, %v, %best : bf16
    %ni = arith.select %more, %here, %at : i32
    linalg.yield %nv, %ni : bf16, i32
  } -> (tensor<9xbf16>, tensor<9xi32>)
  %largest = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%b#0 : tensor<9x300xbf16>) outs(%iv : tensor<9xbf16>) {
  ^bb0(%v: bf16, %s: bf16):
    %m = arith.maximumf %v, %s : bf16
    linalg.yield %m : bf16
  } -> tensor<9xbf16>
  %es = tensor.empty() : tensor<6x77xbf16>
  %soft = linalg.softmax dimension(1) ins(%b#1 : tensor<6x77xbf16>) outs(%es : tensor<6x77xbf16>) -> tensor<6x77xbf16>
  %window = tensor.empty() : tensor<2x2xbf16>
  %ep = tensor.empty() : tensor<1x6x5x6xbf16>
  %zero = arith.constant 0.0 : bf16
  %ip = linalg.fill ins(%zero : bf16) outs(%ep : tensor<1x6x5x6xbf16>) -> tensor<1x6x5x6xbf16>
  %pool = linalg.pooling_nhwc_sum {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%b#2, %window : tensor<1x12x10x6xbf16>, tensor<2x2xbf16>) outs(%ip : tensor<1x6x5x6xbf16>) -> tensor<1x6x5x6xbf16>
  %r:4 = util.optimization_barrier %first#0, %largest, %soft, %pool : tensor<9xbf16>, tensor<9xbf16>, tensor<6x77xbf16>, tensor<1x6x5x6xbf16>
  %0 = arith.extf %r#0 : tensor<9xbf16> to tensor<9xf32>
  %1 = arith.extf %r#1 : tensor<9xbf16> to tensor<9xf32>
  %2 = arith.extf %r#2 : tensor<6x77xbf16> to tensor<6x77xf32>
  %3 = arith.extf %r#3 : tensor<1x6x5x6xbf16> to tensor<1x6x5x6xf32>
  return %0, %first#1, %1, %2, %3 : tensor<9xf32>, tensor<9xi32>, tensor<9xf32>, tensor<6x77xf32>, tensor<1x6x5x6xf32>
}
