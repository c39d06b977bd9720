// A digit classifier: a multi-layer perceptron 784-256-128-10 for a batch of 8 images, weights as arguments.
#id = affine_map<(i, j) -> (i, j)>
#col = affine_map<(i, j) -> (j)>
func.func @main(%x: tensor<8x784xf32>, %w1: tensor<784x256xf32>, %b1: tensor<256xf32>, %w2: tensor<256x128xf32>, %b2: tensor<128xf32>, %w3: tensor<128x10xf32>, %b3: tensor<10xf32>) -> tensor<8x10xf32> {
  %zero = arith.constant 0.0 : f32
  %h1_e = tensor.empty() : tensor<8x256xf32>
  %h1_i = linalg.fill ins(%zero : f32) outs(%h1_e : tensor<8x256xf32>) -> tensor<8x256xf32>
  %h1_p = linalg.matmul ins(%x, %w1 : tensor<8x784xf32>, tensor<784x256xf32>) outs(%h1_i : tensor<8x256xf32>) -> tensor<8x256xf32>
  %h1 = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%h1_p, %b1 : tensor<8x256xf32>, tensor<256xf32>) outs(%h1_e : tensor<8x256xf32>) {
  ^bb0(%v: f32, %c: f32, %o: f32):
    %s = arith.addf %v, %c : f32
    %r = arith.maximumf %s, %zero : f32
    linalg.yield %r : f32
  } -> tensor<8x256xf32>
  %h2_e = tensor.empty() : tensor<8x128xf32>
  %h2_i = linalg.fill ins(%zero : f32) outs(%h2_e : tensor<8x128xf32>) -> tensor<8x128xf32>
  %h2_p = linalg.matmul ins(%h1, %w2 : tensor<8x256xf32>, tensor<256x128xf32>) outs(%h2_i : tensor<8x128xf32>) -> tensor<8x128xf32>
  %h2 = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%h2_p, %b2 : tensor<8x128xf32>, tensor<128xf32>) outs(%h2_e : tensor<8x128xf32>) {
  ^bb0(%v: f32, %c: f32, %o: f32):
    %s = arith.addf %v, %c : f32
    %r = arith.maximumf %s, %zero : f32
    linalg.yield %r : f32
  } -> tensor<8x128xf32>
  %h3_e = tensor.empty() : tensor<8x10xf32>
  %h3_i = linalg.fill ins(%zero : f32) outs(%h3_e : tensor<8x10xf32>) -> tensor<8x10xf32>
  %h3_p = linalg.matmul ins(%h2, %w3 : tensor<8x128xf32>, tensor<128x10xf32>) outs(%h3_i : tensor<8x10xf32>) -> tensor<8x10xf32>
  %h3 = linalg.generic {indexing_maps = [#id, #col, #id], iterator_types = ["parallel", "parallel"]} ins(%h3_p, %b3 : tensor<8x10xf32>, tensor<10xf32>) outs(%h3_e : tensor<8x10xf32>) {
  ^bb0(%v: f32, %c: f32, %o: f32):
    %s = arith.addf %v, %c : f32
    linalg.yield %s : f32
  } -> tensor<8x10xf32>
  %p = linalg.softmax dimension(1) ins(%h3 : tensor<8x10xf32>) outs(%h3_e : tensor<8x10xf32>) -> tensor<8x10xf32>
  return %p : tensor<8x10xf32>
}
