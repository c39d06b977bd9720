// RUN: ropt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect --pass-pipeline='builtin.module(hal-form-dispatches)'

// expected-error@+2 {{argument 0 of `func.func` has the type memref<4xf32>, but programs work on tensors}}
// expected-note@+1 {{help: write the program with tensors}}
func.func @memref(%a: memref<4xf32>) {
  return
}

// -----

// expected-error@+2 {{has the type tensor<*xf32>, whose rank is not known}}
// expected-note@+1 {{help: give the tensor a rank}}
func.func @unranked(%a: tensor<*xf32>) -> tensor<*xf32> {
  return %a : tensor<*xf32>
}

// -----

// expected-error@+2 {{has the type tensor<4xi4>, whose elements (i4) are not supported}}
// expected-note@+1 {{help: use one of i1, i8, i16, i32, i64, f16, bf16, f32, f64, index}}
func.func @narrow(%a: tensor<4xi4>) -> tensor<4xi4> {
  return %a : tensor<4xi4>
}

// -----

// expected-error@+2 {{whose elements (complex<f32>) are not supported}}
// expected-note@+1 {{help: use one of}}
func.func @complex(%a: tensor<4xcomplex<f32>>) {
  return
}

// -----

#csr = #sparse_tensor.encoding<{map = (d0, d1) -> (d0 : dense, d1 : compressed)}>
// expected-error@+2 {{whose encoding is not supported}}
// expected-note@+1 {{help: use a tensor without an encoding}}
func.func @sparse(%a: tensor<4x4xf32, #csr>) {
  return
}

// -----

func.func @inner(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+2 {{a result of `arith.constant` has the type vector<4xf32>, but host code has no vectors}}
  // expected-note@+1 {{help: use a tensor}}
  %v = arith.constant dense<1.0> : vector<4xf32>
  return %a : tensor<4xf32>
}

// -----

func.func @dialect(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+2 {{`stablehlo.add` is an op of an unknown dialect}}
  // expected-note@+1 {{help: convert it first: stablehlo-opt --stablehlo-legalize-to-linalg}}
  %0 = "stablehlo.add"(%a, %a) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
