// Host code is lowered and emitted at once, and comes out of the cache when only kernels are others.
// RUN: rm -rf %t && mkdir %t
// RUN: ropt compile %s --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-binaries -o %t/binaries.mlir
// RUN: ropt %t/binaries.mlir -o %t/lowered.mlir --pass-pipeline='builtin.module(hal-lower-host,hal-emit-program{path=%t/two.so})'
// RUN: ropt %t/binaries.mlir -o %t/out.mlir --pass-pipeline='builtin.module(hal-build-program{path=%t/one.so})'
// RUN: cmp %t/one.so %t/two.so
// RUN: diff %t/lowered.mlir %t/out.mlir

// RUN: ropt %t/binaries.mlir -o %t/out.mlir --pass-statistics --pass-pipeline='builtin.module(hal-build-program{path=%t/cold.so cache=%t/cache})' 2>&1 | FileCheck %s --check-prefix=COLD
// RUN: ropt %t/binaries.mlir -o %t/out.mlir --pass-statistics --pass-pipeline='builtin.module(hal-build-program{path=%t/warm.so cache=%t/cache})' 2>&1 | FileCheck %s --check-prefix=WARM
// RUN: cmp %t/one.so %t/cold.so
// RUN: cmp %t/one.so %t/warm.so
// RUN: diff %t/binaries.mlir %t/out.mlir
// COLD: hal-build-program
// COLD-NOT: cached
// COLD: 1 dispatches
// WARM: hal-build-program
// WARM: 1 cached
// WARM-NOT: dispatches

// Another kernel behind the same interface: the host code is the same, the program is not.
// (math.exp makes its binary longer.)
// RUN: sed "s/arith.addf %x, %x/math.exp %x/" %s > %t/other.mlir
// RUN: ropt compile %t/other.mlir --target=llvm-cpu --target-cpu=x86-64-v3 --compile-to=executable-binaries -o %t/other.binaries.mlir
// RUN: ropt %t/other.binaries.mlir -o %t/out.mlir --pass-statistics --pass-pipeline='builtin.module(hal-build-program{path=%t/other.so cache=%t/cache})' 2>&1 | FileCheck %s --check-prefix=WARM
// RUN: ropt %t/other.binaries.mlir -o %t/out.mlir --pass-pipeline='builtin.module(hal-build-program{path=%t/other.plain.so})'
// RUN: cmp %t/other.so %t/other.plain.so
// RUN: not cmp %t/other.so %t/one.so

// Also when the other kernel comes by a substitution, the first time.
// RUN: ropt compile %s --target=llvm-cpu --cache-dir=%t/first -o %t/first.so --hal-dump-executable-sources-to=%t/sources
// RUN: sed "s/arith.addf/arith.mulf/" %t/sources/module_main_dispatch_0.mlir > %t/edited.mlir
// RUN: ropt compile %s --target=llvm-cpu --cache-dir=%t/first -o %t/edited.so --pass-statistics --hal-substitute-executable-source=main_dispatch_0=%t/edited.mlir 2>&1 | FileCheck %s --check-prefix=FIRST
// FIRST: hal-build-program
// FIRST-NEXT: bytes
// FIRST-NEXT: 1 cached

// Another program is another one: a constant, a size.
// RUN: sed 's/arith.constant 1 :/arith.constant 2 :/' %t/binaries.mlir > %t/constant.mlir
// RUN: ropt %t/constant.mlir -o %t/out.mlir --pass-statistics --pass-pipeline='builtin.module(hal-build-program{path=%t/constant.so cache=%t/cache})' 2>&1 | FileCheck %s --check-prefix=COLD
// RUN: not cmp %t/constant.so %t/one.so

// A damaged entry is told and made again, a cache that cannot be used is said.
// RUN: find %t/cache/1 -type f -exec truncate -s -1 {} +
// RUN: ropt %t/binaries.mlir -o %t/out.mlir --pass-pipeline='builtin.module(hal-build-program{path=%t/warm.so cache=%t/cache})' 2>&1 | FileCheck %s --check-prefix=DAMAGED
// RUN: cmp %t/one.so %t/warm.so
// DAMAGED: remark: the host code in the cache is damaged ({{.*}}): it is compiled again
// RUN: ropt %t/binaries.mlir -o %t/out.mlir --pass-pipeline='builtin.module(hal-build-program{path=%t/warm.so cache=%t/one.so})' 2>&1 | FileCheck %s --check-prefix=UNUSABLE
// UNUSABLE: warning: the host code was not looked for in the cache: cannot read
// UNUSABLE: warning: the host code was not kept in the cache: cannot

// RUN: not ropt %t/binaries.mlir --pass-pipeline='builtin.module(hal-build-program)' 2>&1 | FileCheck %s --check-prefix=PATH
// PATH: error: hal-build-program needs a file to write
// PATH: help: give it one: hal-build-program{path=program.so}

// It stands for both passes where nothing comes behind them.
// RUN: ropt compile %s --target=llvm-cpu -o %t/x.so --print-pipeline | FileCheck %s --check-prefix=PLACE
// RUN: ropt compile %s --target=llvm-cpu -o %t/x.so --print-pipeline --dump-compilation-phases-to=%t/p | FileCheck %s --check-prefix=APART
// PLACE: hal-build-program{path={{.*}}x.so})
// PLACE-NOT: hal-lower-host
// APART: hal-lower-host,hal-emit-program{path={{.*}}x.so},hal-dump-phase

func.func @main(%a: tensor<8x4xf32>) -> (tensor<8x4xf32>, i32) {
  %one = arith.constant 1 : i32
  %e = tensor.empty() : tensor<8x4xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %x : f32
    linalg.yield %s : f32
  } -> tensor<8x4xf32>
  return %r, %one : tensor<8x4xf32>, i32
}
