//! The target as the host sees it: flags, attribute, stage pipelines.

use ropt_plugin::prelude::*;

use crate::{check, chip::Chip, serialize};

/// Compiles executables for NVIDIA's GPUs: PTX whose kernels take the bindings' addresses, then the constants.
#[derive(Target)]
#[target(
    name = "cuda",
    formats("cuda-nvptx-fb"),
    supports("arithmetic", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64"),
    supports("division", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64"),
    supports("comparison", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64"),
    supports("bits", "i8", "i16", "i32", "i64"),
    supports("math", "f16", "bf16", "f32", "f64"),
    supports("conversion", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64"),
    supports("movement", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64"),
    supports("indexing", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64", "index"),
    supports("reduction", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64"),
    supports("contraction", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64"),
    supports("convolution", "f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64"),
    supports("softmax", "f16", "bf16", "f32", "f64"),
    stage(
        "configure",
        "builtin.module(cpu-decompose-ops,gpu-select-schedule{vector-bytes=16 threads=1024 shared-memory=SHARED tensor-cores=MATRIX})"
    ),
    stage(
        "translate",
        "builtin.module(cpu-decompose-ops,canonicalize,cse,cpu-materialize-interface,canonicalize,cse,gpu-apply-schedule{vector-bytes=16 subgroup=32 unroll=true},gpu-tile-threads,canonicalize,cse,\
func.func(linalg-generalize-named-ops,linalg-fuse-elementwise-ops),canonicalize,cse,\
eliminate-empty-tensors,one-shot-bufferize,canonicalize,cse,fold-memref-alias-ops,canonicalize,cse,\
cpu-lower-copies,cpu-place-allocations,lower-affine,canonicalize,cse),\
gpu-distribute-threads{threads=256 max-grid=2147483647},\
builtin.module(func.func(scf-forall-to-for,convert-linalg-to-loops),fold-memref-alias-ops,canonicalize,cse,gpu-flatten-bindings,\
lower-affine,canonicalize,cse,func.func(sroa,mem2reg),canonicalize,cse,\
math-extend-to-supported-types{extra-types=f64 target-type=f32},gpu-expand-double-math,gpu-expand-single-math,math-expand-ops{ops=rsqrt},inline,symbol-dce,arith-expand{include-bf16=true},canonicalize,cse,\
cuda-lower-interface,nvvm-attach-target{chip=CHIP features=FEATURES O=3},\
gpu.module(convert-nvgpu-to-nvvm,expand-strided-metadata,convert-scf-to-cf,convert-vector-to-llvm,convert-gpu-to-nvvm{use-bare-ptr-memref-call-conv=true},\
cuda-lower-math-calls,reconcile-unrealized-casts,canonicalize,cse))"
    ),
    flag(
        name = "cuda-chip",
        value = "LIST",
        default = "sm_90,sm_75",
        help = "GPU architectures, with commas between: one variant each, of which a device takes the first that it can. The driver compiles an older one's PTX for a newer GPU",
        aliases("iree-cuda-target")
    ),
    flag(
        name = "cuda-ptx-features",
        value = "LIST",
        help = "LLVM features: +ptx80. By default the oldest PTX that has the architecture",
        aliases("iree-cuda-target-features")
    )
)]
struct Cuda;

impl CompileTarget for Cuda {
    fn attributes(options: &TargetOptions) -> PassResult<Vec<String>> {
        Ok(Chip::from_flags(options)?.iter().map(Chip::attribute).collect())
    }

    fn pipeline(stage: &str, attribute: &str) -> PassResult<String> {
        let declared = Self::STAGES.iter().find(|(name, _)| *name == stage);
        let chip = Chip::parse(attribute)?;
        let matrix = if chip.has_matrix_units() { "true" } else { "false" };
        let text = declared.map(|(_, text)| *text).unwrap_or_default();
        Ok(text
            .replace("CHIP", &chip.name)
            .replace("FEATURES", &chip.features)
            .replace("MATRIX", matrix)
            .replace("SHARED", &chip.shared_memory().to_string()))
    }

    fn serialize(variant: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult<Binary> {
        serialize::serialize(ropt_mlir::ir::edit::pin_mut(&variant), cx)
    }

    fn check_object(variant: OperationRef<'_, '_>, name: &str, data: &[u8], _cx: &PassContext<'_>) -> PassResult {
        check::check(ropt_mlir::ir::edit::pin(variant), name, data).map(drop)
    }
}
