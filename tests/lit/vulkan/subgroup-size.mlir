// Kernels for subgroups of the device's own size exchange values by shuffles, and give what kernels for any size give.
// RUN: rm -rf %t && mkdir %t
// RUN: bash -c 'ropt-run devices | sed -n "s/.*subgroup-size *//p" | head -n 1 > %t/size && test -s %t/size'
// RUN: ropt compile %s --target=vulkan-spirv -o %t/any.so --iree-hal-dump-executable-intermediates-to=%t/any
// RUN: bash -c 'ropt compile %s --target=vulkan-spirv --vulkan-subgroup-size=$(cat %t/size) -o %t/own.so --iree-hal-dump-executable-intermediates-to=%t/own'
// RUN: bash -c 'cat %t/any/*.spvasm' | FileCheck %s --check-prefix=ANY
// RUN: bash -c 'cat %t/own/*.spvasm' | FileCheck %s --check-prefix=OWN
// ANY: OpGroupNonUniformFAdd
// OWN: OpGroupNonUniformShuffle

// RUN: ropt-run run %t/any.so --device=vulkan --function=main --input=5x700xf32=0.5 --output=@%t/any.npy
// RUN: ropt-run run %t/own.so --device=vulkan --function=main --input=5x700xf32=0.5 --expected-output=@%t/any.npy
// RUN: ropt-run run %t/own.so --device=vulkan --function=main --input=5x700xf32=0.5 | FileCheck %s --check-prefix=SUM
// SUM: 5xf32=350 350 350 350 350

// A device with subgroups of another size is not given them.
// RUN: bash -c 'ropt compile %s --target=vulkan-spirv --vulkan-subgroup-size=$((2 * $(cat %t/size))) -o %t/other.so'
// RUN: not ropt-run run %t/other.so --device=vulkan --function=main --input=5x700xf32=0.5 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: executable 'main_dispatch_0' has no variant for device 'vulkan
// OTHER: vulkan-spirv-fb for another device ({{.*}}subgroup_size = 

#rows = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
func.func @main(%x: tensor<5x700xf32>) -> tensor<5xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<5xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<5xf32>) -> tensor<5xf32>
  %sum = linalg.generic {indexing_maps = [#rows, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<5x700xf32>) outs(%start : tensor<5xf32>) {
  ^bb0(%v: f32, %so_far: f32):
    %s = arith.addf %v, %so_far : f32
    linalg.yield %s : f32
  } -> tensor<5xf32>
  return %sum : tensor<5xf32>
}
