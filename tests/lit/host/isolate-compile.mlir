// A pass that runs pipelines of its own, on several threads, with flags, runs apart as well.
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=generic --compile-to=executable-targets -o %t.whole
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=generic --compile-to=executable-targets --isolate=fork -o %t.forked
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=generic --compile-to=executable-targets --isolate=process -o %t.worked
// RUN: diff %t.whole %t.forked
// RUN: diff %t.whole %t.worked

func.func @f(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = arith.addf %a, %a : tensor<8xf32>
  %1 = arith.mulf %0, %a : tensor<8xf32>
  return %1 : tensor<8xf32>
}
func.func @g(%a: tensor<64x32xf32>, %b: tensor<32x16xf32>) -> tensor<64x16xf32> {
  %c = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x16xf32>
  %z = linalg.fill ins(%c : f32) outs(%e : tensor<64x16xf32>) -> tensor<64x16xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<64x32xf32>, tensor<32x16xf32>) outs(%z : tensor<64x16xf32>) -> tensor<64x16xf32>
  return %0 : tensor<64x16xf32>
}
