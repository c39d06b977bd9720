// bf16 moved: transposed, padded, gathered, joined, cut, filled from constants; numbers that bf16 holds come out as they went in.
// call: main(12x20xf32, 5xi32 in 0..12)
// tolerance: 0
#id = affine_map<(i, j) -> (i, j)>
#idx = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<12x20xf32>, %rows: tensor<5xi32>) -> (tensor<20x12xf32>, tensor<14x23xf32>, tensor<5x20xf32>, tensor<17x20xf32>, tensor<2x4xf32>) {
  %eb = tensor.empty() : tensor<12x20xbf16>
  %n = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<12x20xf32>) outs(%eb : tensor<12x20xbf16>) {
  ^bb0(%v: f32, %o: bf16):
    %t = arith.truncf %v : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<12x20xbf16>
  %b = util.optimization_barrier %n : tensor<12x20xbf16>
  %et = tensor.empty() : tensor<20x12xbf16>
  %turned = linalg.transpose ins(%b : tensor<12x20xbf16>) outs(%et : tensor<20x12xbf16>) permutation = [1, 0]
  %around = arith.constant -1.5 : bf16
  %padded = tensor.pad %b low[2, 0] high[0, 3] {
  ^bb0(%i: index, %j: index):
    tensor.yield %around : bf16
  } : tensor<12x20xbf16> to tensor<14x23xbf16>
  %eg = tensor.empty() : tensor<5x20xbf16>
  %gathered = linalg.generic {indexing_maps = [#idx, #id], iterator_types = ["parallel", "parallel"]} ins(%rows : tensor<5xi32>) outs(%eg : tensor<5x20xbf16>) {
  ^bb0(%i: i32, %o: bf16):
    %row = arith.index_cast %i : i32 to index
    %col = linalg.index 1 : index
    %v = tensor.extract %b[%row, %col] : tensor<12x20xbf16>
    linalg.yield %v : bf16
  } -> tensor<5x20xbf16>
  %joined = tensor.concat dim(0) %gathered, %b : (tensor<5x20xbf16>, tensor<12x20xbf16>) -> tensor<17x20xbf16>
  %values = arith.constant dense<[[1.0, -2.0, 0.5, 1.0e3], [-0.0, 7.0, 0x7F80, 3.0]]> : tensor<2x4xbf16>
  %cut = tensor.extract_slice %b[3, 1] [2, 4] [2, 3] : tensor<12x20xbf16> to tensor<2x4xbf16>
  %ec = tensor.empty() : tensor<2x4xbf16>
  %max = linalg.max ins(%values, %cut : tensor<2x4xbf16>, tensor<2x4xbf16>) outs(%ec : tensor<2x4xbf16>) -> tensor<2x4xbf16>
  %0:5 = util.optimization_barrier %turned, %padded, %gathered, %joined, %max : tensor<20x12xbf16>, tensor<14x23xbf16>, tensor<5x20xbf16>, tensor<17x20xbf16>, tensor<2x4xbf16>
  %1 = arith.extf %0#0 : tensor<20x12xbf16> to tensor<20x12xf32>
  %2 = arith.extf %0#1 : tensor<14x23xbf16> to tensor<14x23xf32>
  %3 = arith.extf %0#2 : tensor<5x20xbf16> to tensor<5x20xf32>
  %4 = arith.extf %0#3 : tensor<17x20xbf16> to tensor<17x20xf32>
  %5 = arith.extf %0#4 : tensor<2x4xbf16> to tensor<2x4xf32>
  return %1, %2, %3, %4, %5 : tensor<20x12xf32>, tensor<14x23xf32>, tensor<5x20xf32>, tensor<17x20xf32>, tensor<2x4xf32>
}
