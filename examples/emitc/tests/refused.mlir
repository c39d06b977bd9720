// What portable C has no type for is refused with a sentence.
// RUN: not ropt compile "%s" "--load-plugin=%target" --target=portable-c -o "%t.so" 2>&1 | FileCheck "%s"
// CHECK: refused.mlir:{{[0-9]+}}:{{[0-9]+}}: error: values of the type f16 have no portable C type
// CHECK: help: convert the tensors to one of these types first

func.func @main(%a: tensor<4xf16>) -> tensor<4xf16> {
  %e = tensor.empty() : tensor<4xf16>
  %0 = linalg.add ins(%a, %a : tensor<4xf16>, tensor<4xf16>) outs(%e : tensor<4xf16>) -> tensor<4xf16>
  return %0 : tensor<4xf16>
}
