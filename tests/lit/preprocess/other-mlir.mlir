// Passes of a plugin that was built on MLIR 19 take part in a pipeline: through a process and generic text.
// REQUIRES: other-mlir
// RUN: rm -rf %t && mkdir -p %t && cd %t
// RUN: ropt compile %s --target=llvm-cpu --compile-to=executable-sources -o sources.mlir

// On the kernels alone: ops that MLIR 19 knows (arith, scf, linalg), and ours, which it does not.
// RUN: ropt sources.mlir --pass-pipeline='builtin.module(hal.executable(hal.executable.variant(builtin.module(module-run-command{generic=true command="%mlir19 --load-pass-plugin=%vendor --pass-pipeline=builtin.module(func.func(vendor-simplify)) --allow-unregistered-dialect --mlir-print-op-generic"}))))' | FileCheck %s --check-prefix=UPSTREAM
// UPSTREAM: hal.executable private @main_dispatch_0
// UPSTREAM-NOT: subgroup_size
// UPSTREAM: hal.interface.binding.subspan
// UPSTREAM: %[[SUM:.+]] = arith.addf %[[X:.+]], %[[X]] : f32
// UPSTREAM-NEXT: linalg.yield %[[SUM]]

// On whole executables: our `hal` ops are changed.
// RUN: ropt sources.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{generic=true command="%mlir19 --load-pass-plugin=%vendor --pass-pipeline=builtin.module(vendor-annotate-exports{subgroup-size=16}) --allow-unregistered-dialect --mlir-print-op-generic"})' | FileCheck %s --check-prefix=OURS
// OURS: hal.executable.export public @main_dispatch_0
// OURS: } <subgroup_size = 16>
// OURS: arith.mulf

// Loops of the host, wherever the pass stands.
// RUN: ropt %s --pass-pipeline='builtin.module(canonicalize,module-run-command{generic=true command="%mlir19 --load-pass-plugin=%vendor --pass-pipeline=builtin.module(vendor-simplify) --allow-unregistered-dialect --mlir-print-op-generic"},canonicalize)' | FileCheck %s --check-prefix=LOOP
// LOOP: func.func @rounds
// LOOP-NOT: scf.for
// LOOP: arith.addi
// LOOP-NEXT: arith.addi
// LOOP-NEXT: return

// A program compiled with it by flag computes what it did.
// RUN: ropt compile %s --target=llvm-cpu -o program.so --hal-preprocess-executables-generic=true "--hal-preprocess-executables-with=%mlir19 --load-pass-plugin=%vendor --pass-pipeline=builtin.module(vendor-simplify,vendor-annotate-exports) --allow-unregistered-dialect --mlir-print-op-generic" --hal-dump-executable-configurations-to=d
// RUN: FileCheck %s --check-prefix=DUMPED --input-file=d/configured_module_main_dispatch_0.mlir
// DUMPED: <{{.*}}subgroup_size = 32
// DUMPED: arith.addf
// RUN: ropt-run run program.so --function=main --input=4x8xf32=3 | FileCheck %s --check-prefix=VALUES
// VALUES: 4x8xf32=[6 6 6 6 6 6 6 6]

// What MLIR 19 does not know is an error in its words; what it would mistake without a word is refused before.
// RUN: ropt compile %s --target=llvm-cpu --compile-to=executable-targets -o targets.mlir
// RUN: not ropt targets.mlir --pass-pipeline='builtin.module(hal-preprocess-executables{generic=true command="%mlir19 --allow-unregistered-dialect --mlir-print-op-generic"})' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: cannot preprocess executable @main_dispatch_0 by the command {{.*}}: it ended with exit code 1
// UNKNOWN: note: stderr: {{.*}}error: invalid properties {{.*}} for op llvm.
// UNKNOWN: help: an op or an attribute that its MLIR does not know is named above

func.func @main(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%x: f32, %o: f32):
    %y = arith.mulf %x, %two : f32
    linalg.yield %y : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

func.func @rounds(%x: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %sum = scf.for %i = %c0 to %c2 step %c1 iter_args(%s = %x) -> i32 {
    %next = arith.addi %s, %x : i32
    scf.yield %next : i32
  }
  return %sum : i32
}
