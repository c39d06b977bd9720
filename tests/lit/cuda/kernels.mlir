// A kernel becomes PTX with IREE's interface; a hand-written one takes its place when it fits.
// RUN: rm -rf %t && ropt compile %s --target=cuda --cuda-chip=sm_75,sm_90 --hal-dump-executable-binaries-to=%t -o %t.so
// RUN: ropt compile %s --target=cuda --cuda-chip=sm_75 --hal-dump-executable-binaries-to=%t/one -o %t.one.so
// RUN: FileCheck %s < %t/one/module_main_dispatch_0_cuda_nvptx_fb.ptx
// RUN: ropt-run inspect %t.so | FileCheck %s --check-prefix=TWO
// RUN: ropt compile %s --target=cuda -o %t.default.so && ropt-run inspect %t.default.so | FileCheck %s --check-prefix=DEFAULT
// RUN: split-file %S/Inputs/scale.txt %t/in
// RUN: ropt compile %s --target=cuda --hal-substitute-executable-object=main_dispatch_0=%t/in/good.ptx -o %t.good.so 2>&1 | FileCheck %s --check-prefix=GOOD
// RUN: not ropt compile %s --target=cuda --hal-substitute-executable-object=main_dispatch_0=%t/in/name.ptx -o %t.no.so 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not ropt compile %s --target=cuda --hal-substitute-executable-object=main_dispatch_0=%t/in/parameters.ptx -o %t.no.so 2>&1 | FileCheck %s --check-prefix=PARAMETERS
// RUN: not ropt compile %s --target=cuda --hal-substitute-executable-object=main_dispatch_0=%t/in/workgroup.ptx -o %t.no.so 2>&1 | FileCheck %s --check-prefix=WORKGROUP
// RUN: not ropt compile %s --target=cuda --cuda-chip=gfx90a -o %t.no.so 2>&1 | FileCheck %s --check-prefix=CHIP
// RUN: not test -e %t.no.so

// CHECK: .version 6.3
// CHECK: .target sm_75
// CHECK: .visible .entry main_dispatch_0_elementwise_64_f32(
// CHECK-COUNT-2: .param .u64
// CHECK: .maxntid 256, 1, 1
// CHECK: ld.global
// CHECK: // ropt.workgroup main_dispatch_0_elementwise_64_f32 256 1 1
// DEFAULT: chip = "sm_90"
// DEFAULT: chip = "sm_75"
// TWO: chip = "sm_75"
// TWO: chip = "sm_90"
// GOOD: remark: executable @main_dispatch_0 is substituted
// NAME: has no kernel `main_dispatch_0_elementwise_64_f32`
// NAME: its kernels: other
// PARAMETERS: takes (u64), but its layout has 2 bindings and 0 constants
// WORKGROUP: has workgroups of 32×1×1 threads, but the program's grid counts workgroups of 256×1×1
// CHIP: error: `gfx90a` is no GPU architecture

func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %0 = arith.addf %a, %a : tensor<64xf32>
  return %0 : tensor<64xf32>
}
