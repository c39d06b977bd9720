// bf16 compared, selected, clamped, cast from and to everything, and its bits; the last f64 lie just above ties.
// call: main(97xf32 in -300..300, 97xi32 in -70000..70000, f32=2.7)
// tolerance: 0
#id = affine_map<(i) -> (i)>
func.func @main(%x: tensor<97xf32>, %n: tensor<97xi32>, %s: f32) -> (tensor<97xf32>, tensor<97xf32>, tensor<97xi16>, tensor<97xi32>, tensor<97xf64>, tensor<97xf16>, tensor<97xf32>, tensor<97xi1>, tensor<97xf32>) {
  %scalar = arith.truncf %s : f32 to bf16
  %eb = tensor.empty() : tensor<97xbf16>
  %b = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<97xf32>) outs(%eb : tensor<97xbf16>) {
  ^bb0(%v: f32, %o: bf16):
    %t = arith.truncf %v : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<97xbf16>
  %held = util.optimization_barrier %b : tensor<97xbf16>
  %e32 = tensor.empty() : tensor<97xf32>
  %e64 = tensor.empty() : tensor<97xf64>
  %e16 = tensor.empty() : tensor<97xf16>
  %ei16 = tensor.empty() : tensor<97xi16>
  %ei32 = tensor.empty() : tensor<97xi32>
  %ei1 = tensor.empty() : tensor<97xi1>
  %low = arith.constant -1.0 : bf16
  %high = arith.constant 1.5 : bf16
  %half = arith.constant 0.50000000093 : f64
  %first = arith.constant 128 : index
  %r:9 = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id, #id, #id, #id, #id, #id, #id], iterator_types = ["parallel"]} ins(%held, %n : tensor<97xbf16>, tensor<97xi32>) outs(%e32, %e32, %ei16, %ei32, %e64, %e16, %e32, %ei1, %e32 : tensor<97xf32>, tensor<97xf32>, tensor<97xi16>, tensor<97xi32>, tensor<97xf64>, tensor<97xf16>, tensor<97xf32>, tensor<97xi1>, tensor<97xf32>) {
  ^bb0(%v: bf16, %k: i32, %o0: f32, %o1: f32, %o2: i16, %o3: i32, %o4: f64, %o5: f16, %o6: f32, %o7: i1, %o8: f32):
    %up = arith.maximumf %v, %low : bf16
    %clamped = arith.minimumf %up, %high : bf16
    %c = arith.extf %clamped : bf16 to f32
    %less = arith.cmpf olt, %v, %scalar : bf16
    %minus = arith.negf %v : bf16
    %chosen = arith.select %less, %minus, %scalar : bf16
    %w = arith.extf %chosen : bf16 to f32
    %bits = arith.bitcast %v : bf16 to i16
    %whole = arith.fptosi %v : bf16 to i32
    %wide = arith.extf %v : bf16 to f64
    %single = arith.extf %v : bf16 to f32
    %f16 = arith.truncf %single : f32 to f16
    %number = arith.sitofp %k : i32 to bf16
    %q = arith.extf %number : bf16 to f32
    %i = linalg.index 0 : index
    %place = arith.addi %i, %first : index
    %word = arith.index_cast %place : index to i64
    %at = arith.sitofp %word : i64 to f64
    %tie = arith.addf %at, %half : f64
    %near = arith.truncf %tie : f64 to bf16
    %n32 = arith.extf %near : bf16 to f32
    linalg.yield %c, %w, %bits, %whole, %wide, %f16, %q, %less, %n32 : f32, f32, i16, i32, f64, f16, f32, i1, f32
  } -> (tensor<97xf32>, tensor<97xf32>, tensor<97xi16>, tensor<97xi32>, tensor<97xf64>, tensor<97xf16>, tensor<97xf32>, tensor<97xi1>, tensor<97xf32>)
  return %r#0, %r#1, %r#2, %r#3, %r#4, %r#5, %r#6, %r#7, %r#8 : tensor<97xf32>, tensor<97xf32>, tensor<97xi16>, tensor<97xi32>, tensor<97xf64>, tensor<97xf16>, tensor<97xf32>, tensor<97xi1>, tensor<97xf32>
}
