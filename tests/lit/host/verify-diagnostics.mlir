// RUN: ropt %s --split-input-file --verify-diagnostics --hal-form-dispatches -o %t

// expected-error @+2 {{whose elements (i4) are not supported}}
// expected-note @+1 {{use one of i1}}
func.func @f(%a: tensor<4xi4>) -> tensor<4xi4> {
  return %a : tensor<4xi4>
}

// -----

func.func @g(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
