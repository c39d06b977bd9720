// What takes a CUDA kernel's place: PTX, a cubin, CUDA C++ that is compiled; for every variant that it runs on.
// RUN: rm -rf %t && split-file %S/Inputs/objects.txt %t && cd %t
// RUN: ropt compile %s --target=cuda --hal-substitute-executable-object=main_dispatch_0=triple.cu --hal-dump-executable-binaries-to=cu -o cu.so 2>&1 | FileCheck %s --check-prefix=CU
// RUN: FileCheck %s --check-prefix=SM90 < cu/module_main_dispatch_0_cuda_nvptx_fb.ptx
// RUN: FileCheck %s --check-prefix=SM75 < cu/module_main_dispatch_0_cuda_nvptx_fb_1.ptx
// CU: remark: executable @main_dispatch_0 is substituted by `triple.cu`
// SM90: .target sm_90
// SM90: .visible .entry main_dispatch_0_elementwise_64_f32(
// SM90: fma.rn.f32
// SM75: .target sm_75

// In a folder as well, and what an earlier dump wrote.
// RUN: mkdir folder && cp triple.cu folder/main_dispatch_0.cu
// RUN: ropt compile %s --target=cuda --hal-substitute-executable-objects-from=folder -o folder.so 2>&1 | FileCheck %s --check-prefix=FOLDER
// RUN: ropt compile %s --target=cuda --hal-substitute-executable-objects-from=cu -o again.so 2>&1 | FileCheck %s --check-prefix=AGAIN
// FOLDER: remark: executable @main_dispatch_0 is substituted by `folder/main_dispatch_0.cu`
// AGAIN: remark: variant @cuda_nvptx_fb of executable @main_dispatch_0 is substituted
// AGAIN: remark: variant @cuda_nvptx_fb_1 of executable @main_dispatch_0 is substituted

// A file that is too new for a variant leaves it its kernel.
// RUN: ropt compile %s --target=cuda --hal-substitute-executable-object=main_dispatch_0=new.ptx --hal-dump-executable-binaries-to=new -o new.so 2>&1 | FileCheck %s --check-prefix=NEW
// RUN: grep -c 'hand-written' new/module_main_dispatch_0_cuda_nvptx_fb.ptx
// RUN: not grep 'hand-written' new/module_main_dispatch_0_cuda_nvptx_fb_1.ptx
// NEW: warning: variant @cuda_nvptx_fb_1 of executable @main_dispatch_0 keeps its own kernel
// NEW: `new.ptx` is for sm_90, the variant for sm_75

// Nothing is replaced when a file does not fit: both sides, the flag, the remedy, before serialization.
// RUN: ropt compile %s --target=cuda --cuda-chip=sm_75 --compile-to=executable-targets -o targets.mlir
// RUN: not ropt targets.mlir --pass-pipeline='builtin.module(hal-substitute-executables{substitutions=main_dispatch_0=three.cu})' -o no.mlir 2>&1 | FileCheck %s --check-prefix=THREE
// RUN: not ls no.mlir
// THREE: error: cannot substitute executable @main_dispatch_0: `main_dispatch_0_elementwise_64_f32` of `three.cu` takes (u64, u64, u32), but its layout has 2 bindings and 0 constants
// THREE: note: asked for by option substitutions=main_dispatch_0=three.cu
// THREE: note: help: a kernel takes the bindings' addresses (64 bits), then the constants (32 bits each)

// A mistake in the source is the compiler's to tell.
// RUN: not ropt compile %s --target=cuda --cuda-chip=sm_75 --hal-substitute-executable-object=main_dispatch_0=wrong.cu -o no.so 2>&1 | FileCheck %s --check-prefix=WRONG
// WRONG: error: cannot substitute executable @main_dispatch_0: the file does not compile
// WRONG: undeclared

// Without a compiler, the command to run elsewhere.
// RUN: env ROPT_NVCC=%t/none ROPT_CLANG=%t/none not ropt compile %s --target=cuda --cuda-chip=sm_75 --hal-substitute-executable-object=main_dispatch_0=triple.cu -o no.so 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: cannot substitute executable @main_dispatch_0: there is no compiler for CUDA C++
// NONE: help: install one, or compile it where there is one and give the result: nvcc -ptx -O3 -arch=sm_75 -x cu -o triple.ptx triple.cu

// NVIDIA's compiler goes first, and a compiler that hangs is ended.
// RUN: chmod +x nvcc slow
// RUN: env ROPT_NVCC=%t/nvcc ropt compile %s --target=cuda --cuda-chip=sm_75 --hal-substitute-executable-object=main_dispatch_0=triple.cu --hal-dump-executable-binaries-to=nvcc.out -o nvcc.so
// RUN: grep -c 'hand-written' nvcc.out/module_main_dispatch_0_cuda_nvptx_fb.ptx
// RUN: env ROPT_NVCC=%t/slow not ropt compile %s --target=cuda --cuda-chip=sm_75 --codegen-timeout-s=1 --hal-substitute-executable-object=main_dispatch_0=triple.cu -o no.so 2>&1 | FileCheck %s --check-prefix=SLOW
// SLOW: `{{.*}}slow` did not finish within 1 s

// A cubin: its kernels and their parameters come from its symbols and attributes.
// RUN: yaml2obj cubin.yaml -o good.cubin
// RUN: ropt compile %s --target=cuda --cuda-chip=sm_75 --hal-substitute-executable-object=main_dispatch_0=good.cubin --hal-dump-executable-binaries-to=cubin -o cubin.so 2>&1 | FileCheck %s --check-prefix=CUBIN
// RUN: tail -n 1 cubin/module_main_dispatch_0_cuda_nvptx_fb.cubin | FileCheck %s --check-prefix=MARK
// RUN: sed -e s/00002100/00001100/ cubin.yaml | yaml2obj -o narrow.cubin
// RUN: not ropt compile %s --target=cuda --cuda-chip=sm_75 --hal-substitute-executable-object=main_dispatch_0=narrow.cubin -o no.so 2>&1 | FileCheck %s --check-prefix=NARROW
// RUN: sed -e s/main_dispatch_0_elementwise_64_f32/other/ cubin.yaml | yaml2obj -o other.cubin
// RUN: not ropt compile %s --target=cuda --cuda-chip=sm_75 --hal-substitute-executable-object=main_dispatch_0=other.cubin -o no.so 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not ls no.so
// CUBIN: remark: executable @main_dispatch_0 is substituted by `good.cubin`
// MARK: // ropt.workgroup main_dispatch_0_elementwise_64_f32 256 1 1
// NARROW: takes (b64, b32), but its layout has 2 bindings and 0 constants
// OTHER: `other.cubin` has no kernel `main_dispatch_0_elementwise_64_f32`
// OTHER: its kernels: other

func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %0 = arith.addf %a, %a : tensor<64xf32>
  return %0 : tensor<64xf32>
}
