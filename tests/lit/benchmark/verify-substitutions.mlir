// Each substituted executable is run against the original, on the same inputs.
// RUN: rm -rf %t && mkdir -p %t && cd %t && cp %s p.mlir
// RUN: printf '#include <ropt/kernel.h>\nROPT_KERNEL(main_dispatch_0_elementwise_8_f32) {\n  const float *in = ROPT_BINDING(const float, 0);\n  float *out = ROPT_BINDING(float, 1);\n  for (int i = 0; i < 8; ++i) out[i] = in[i] + BY;\n  return 0;\n}\n' > k.c
// RUN: sed 's/BY/1/' k.c > right.c && sed 's/BY/1.5f/' k.c > wrong.c
// RUN: ropt compile p.mlir --target=llvm-cpu -o p.so --hal-substitute-executable-object=main_dispatch_0=right.c --hal-verify-substitutions 2>said | FileCheck %s --check-prefix=RIGHT
// RIGHT: executable @main_dispatch_0: the original (A) against its substitution (B)
// RIGHT: main_dispatch_0
// RIGHT-SAME: {{same|faster|slower|unclear}}

// The program is there all the same when results differ; the exit code tells.
// RUN: rm p.so
// RUN: not ropt compile p.mlir --target=llvm-cpu -o p.so --iree-hal-substitute-executable-object=main_dispatch_0=wrong.c --iree-hal-verify-substitutions 2>&1 | FileCheck %s --check-prefix=WRONG
// RUN: test -f p.so
// WRONG: error: result 0 of function {{.*}}main_dispatch_0{{.*}} differs
// WRONG: at [0]: expected 2.07812{{.*}}, found 2.57812
// WRONG: error: the substitution of @main_dispatch_0 is not verified

// A source of which only the text differs.
// RUN: ropt compile p.mlir --target=llvm-cpu --compile-to=executable-sources -o ir.mlir --hal-dump-executable-sources-to=d
// RUN: ropt compile p.mlir --target=llvm-cpu -o p.so --hal-substitute-executable-sources-from=d --hal-verify-substitutions 2>said | FileCheck %s --check-prefix=RIGHT

// RUN: not ropt compile p.mlir --target=llvm-cpu -o p.so --hal-verify-substitutions 2>&1 | FileCheck %s --check-prefix=NOTHING
// NOTHING: error: --hal-verify-substitutions: nothing was substituted
// RUN: not ropt compile - --target=llvm-cpu -o p.so --hal-verify-substitutions < p.mlir 2>&1 | FileCheck %s --check-prefix=STDIN
// STDIN: error: --hal-verify-substitutions compiles the program again, and stdin is read once

#map = affine_map<(i) -> (i)>
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %y = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %one : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
