//! The target as the host sees it: flags, attribute, stage pipelines.

use ropt_plugin::prelude::*;

use crate::{config::Config, schedule, serialize};
use std::path::PathBuf;

/// Compiles executables for CPUs: transform-dialect schedules, LLVM at -O3, an ELF object linked in process.
#[derive(Target)]
#[target(
    name = "llvm-cpu",
    aliases("cpu"),
    formats("embedded-elf-x86_64", "system-elf-x86_64", "embedded-elf-arm_64", "system-elf-arm_64"),
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
    stage("configure", "builtin.module(cpu-decompose-ops,cpu-select-schedule)"),
    stage(
        "translate",
        "builtin.module(cpu-decompose-ops,canonicalize,cse,cpu-materialize-interface,canonicalize,cse,cpu-apply-schedule,cpu-unmask-contractions,cpu-widen-contractions,canonicalize,cse,\
eliminate-empty-tensors,one-shot-bufferize,canonicalize,cse,fold-memref-alias-ops,canonicalize,cse,\
cpu-lower-copies,buffer-deallocation-pipeline,cpu-place-allocations,lower-affine,canonicalize,cse),\
cpu-distribute-workgroups,\
builtin.module(func.func(scf-forall-to-for,convert-linalg-to-loops),cpu-lower-vectors,\
convert-vector-to-scf{full-unroll=true},fold-memref-alias-ops,cpu-lower-interface,expand-strided-metadata,lower-affine,\
math-extend-to-supported-types{extra-types=f64 target-type=f32},cpu-approximate-math,math-uplift-to-fma,arith-emulate-unsupported-floats{source-types=bf16 target-type=f32},arith-expand{include-bf16=true},\
canonicalize,cse,convert-scf-to-cf,convert-math-to-llvm,convert-math-to-libm,\
convert-vector-to-llvm{reassociate-fp-reductions=true},convert-arith-to-llvm,convert-ub-to-llvm,convert-index-to-llvm,finalize-memref-to-llvm,\
convert-func-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts,canonicalize,cse)"
    ),
    flag(
        name = "target-cpu",
        value = "CPU",
        default = "host",
        help = "Processor to compile for: host, or a name that LLVM knows (haswell, znver4, x86-64-v3)",
        aliases("iree-llvmcpu-target-cpu")
    ),
    flag(
        name = "target-cpu-features",
        value = "LIST",
        help = "Features to add and take away: +avx2,-avx512f",
        aliases("iree-llvmcpu-target-cpu-features")
    ),
    flag(
        name = "target-triple",
        value = "TRIPLE",
        help = "LLVM triple of the kernels",
        aliases("iree-llvmcpu-target-triple")
    ),
    flag(
        name = "cpu-schedules",
        value = "DIR",
        help = "Folder of schedule files (matmul.mlir, …) that replace the built-in ones"
    )
)]
struct LlvmCpu;

/// The stage that hal-translate-executables falls back to when `translate` fails.
const PLAIN: &str = "translate-plain";

impl CompileTarget for LlvmCpu {
    fn attributes(options: &TargetOptions) -> PassResult<Vec<String>> {
        Ok(vec![Config::from_flags(options)?.attribute()?])
    }

    fn pipeline(stage: &str, _attribute: &str) -> PassResult<String> {
        let declared =
            |name: &str| Self::STAGES.iter().find(|(stage, _)| *stage == name).map(|(_, text)| (*text).to_owned());
        if stage == PLAIN {
            let text = declared("translate").unwrap_or_default();
            return Ok(text.replace("cpu-apply-schedule", "cpu-apply-schedule{plain=true}"));
        }
        Ok(declared(stage).unwrap_or_default())
    }

    fn serialize(variant: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult<Binary> {
        serialize::serialize(ropt_mlir::ir::edit::pin_mut(&variant), cx)
    }

    fn reads(attribute: &str) -> PassResult<Vec<PathBuf>> {
        schedule::files(&Config::parse(attribute).schedules)
    }
}
