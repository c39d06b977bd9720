// RUN: ropt %s --split-input-file --verify-diagnostics
// RUN: ropt --allow-unregistered-dialect --split-input-file %S/Inputs/unknown-generic.mlir | FileCheck %S/Inputs/unknown-generic.mlir

func.func @f(%a: tensor<4xf32>) {
  // expected-error@below {{custom op 'iree_linalg_ext.sort' is not among the operations known of dialect 'iree_linalg_ext'; print the file in generic form (iree-opt --mlir-print-op-generic) and read it with --allow-unregistered-dialect}}
  iree_linalg_ext.sort %a
  return
}

// -----

func.func @f() {
  // expected-error@below {{unregistered operation 'stream.async.call' found in dialect ('stream') that does not allow unknown operations}}
  "stream.async.call"() : () -> ()
  return
}
