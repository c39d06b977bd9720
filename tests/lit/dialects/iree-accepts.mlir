// REQUIRES: iree
// What ropt prints, IREE reads: as pretty text, as generic text.
// RUN: ropt %S/hal.mlir | iree-opt | FileCheck %s --check-prefix=HAL
// RUN: ropt --mlir-print-op-generic %S/hal.mlir | iree-opt | FileCheck %s --check-prefix=HAL
// RUN: ropt %S/hal-attributes.mlir | iree-opt | FileCheck %s --check-prefix=ATTRIBUTES
// RUN: ropt %S/flow.mlir | iree-opt | FileCheck %s --check-prefix=FLOW
// RUN: ropt %S/codegen.mlir | iree-opt | FileCheck %s --check-prefix=CODEGEN
// RUN: ropt %S/iree/cpu-softmax-configured.mlir | iree-opt | FileCheck %s --check-prefix=SOFTMAX
// RUN: ropt --mlir-print-op-generic %S/iree/cuda-matmul-configured.mlir | iree-opt | FileCheck %s --check-prefix=MATMUL

// HAL: hal.executable.source public @source
// ATTRIBUTES: #hal.device.target<"local", {x = 1 : i64}, [
// FLOW: flow.dispatch {@exe::@a, @exe::@b}
// CODEGEN: iree_codegen.dispatch_config @hint workgroup_size = [1, 2, 3] subgroup_size = 64
// SOFTMAX: #iree_cpu.lowering_config<
// MATMUL: #iree_codegen.translation_info<
