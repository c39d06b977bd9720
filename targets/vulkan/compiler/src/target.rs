//! The target as the host sees it: flags, attribute, stage pipelines.

use ropt_plugin::prelude::*;

use crate::{check, environment::Environment, serialize};

/// Compiles executables for Vulkan devices: SPIR-V with descriptor set 0 and push constants, as IREE's kernels have it.
#[derive(Target)]
#[target(
    name = "vulkan-spirv",
    aliases("vulkan"),
    formats("vulkan-spirv-fb"),
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
        "builtin.module(cpu-decompose-ops,gpu-select-schedule{threads=THREADS cooperative-matrices=MATRICES})"
    ),
    stage(
        "translate",
        "builtin.module(cpu-decompose-ops,canonicalize,cse,cpu-materialize-interface,canonicalize,cse,gpu-apply-schedule{subgroup=SUBGROUP},gpu-tile-threads,canonicalize,cse,\
func.func(linalg-generalize-named-ops,linalg-fuse-elementwise-ops),canonicalize,cse,eliminate-empty-tensors,one-shot-bufferize,canonicalize,cse,fold-memref-alias-ops,canonicalize,cse,\
cpu-lower-copies,cpu-place-allocations,lower-affine,canonicalize,cse),\
gpu-distribute-threads{max-grid=GRID},\
builtin.module(func.func(scf-forall-to-for,convert-linalg-to-loops),fold-memref-alias-ops,canonicalize,cse,gpu-flatten-bindings{words=WORDS},\
lower-affine,canonicalize,cse,func.func(sroa,mem2reg),canonicalize,cse,\
math-extend-to-supported-types{extra-types=f64 target-type=f32},gpu-expand-double-math,gpu-expand-single-math,inline,symbol-dce,arith-emulate-unsupported-floats{source-types=bf16 target-type=f32},gpu-expand-bf16,arith-expand,canonicalize,cse,\
vulkan-widen-indices{max-grid=GRID},canonicalize,cse,vulkan-lower-interface{spirv-version=SPIRV cooperative-matrices=MATRICES subgroup=SUBGROUP},gpu.module(convert-math-to-spirv),map-memref-spirv-storage-class{client-api=vulkan},\
convert-gpu-to-spirv{use-64bit-index=false},spirv.module(spirv-lower-abi-attrs,canonicalize,cse,spirv-update-vce,vulkan-settle-matrices))"
    ),
    flag(
        name = "vulkan-target-env",
        value = "VERSION",
        default = "vulkan1.1",
        help = "The oldest Vulkan that the kernels are for: vulkan1.0 (SPIR-V 1.0), or vulkan1.1, vulkan1.2, vulkan1.3 (SPIR-V 1.3)"
    ),
    flag(
        name = "vulkan-workgroup-threads",
        value = "N",
        default = "128",
        help = "Most threads of a workgroup; every device has 128"
    ),
    flag(
        name = "vulkan-grid",
        value = "N",
        default = "65535",
        help = "Most workgroups of a dispatch in each direction; every device has 65535"
    ),
    flag(
        name = "vulkan-subgroup-size",
        value = "N",
        help = "Threads of a subgroup, for kernels that count on it. By default they work with any"
    ),
    flag(
        name = "vulkan-cooperative-matrix",
        value = "LIST",
        help = "Element types, f16 and bf16, whose products are cooperative matrices (VK_KHR_cooperative_matrix) in a variant before the one for every device: Vulkan 1.3, 16 by 16 by 16 summed in f32, subgroups of 32, 48 KiB of shared memory. A device without them takes the other"
    )
)]
struct VulkanSpirv;

impl CompileTarget for VulkanSpirv {
    fn attributes(options: &TargetOptions) -> PassResult<Vec<String>> {
        Ok(Environment::from_flags(options)?.iter().map(Environment::attribute).collect())
    }

    fn pipeline(stage: &str, attribute: &str) -> PassResult<String> {
        let declared = Self::STAGES.iter().find(|(name, _)| *name == stage);
        let environment = Environment::parse(attribute);
        let text = declared.map(|(_, text)| *text).unwrap_or_default();
        let text = text.replace("THREADS", &environment.threads.to_string());
        let text = text.replace("GRID", &environment.grid.to_string()).replace("SPIRV", environment.spirv);
        let matrices = !environment.matrices.is_empty();
        let text = if matrices { text } else { text.replace(",vulkan-settle-matrices", "") };
        let text = text
            .replace("WORDS", if matrices { "true" } else { "false" })
            .replace("MATRICES", &environment.matrices.join(","));
        Ok(text.replace("SUBGROUP", &environment.subgroup.to_string()))
    }

    fn serialize(variant: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult<Binary> {
        serialize::serialize(ropt_mlir::ir::edit::pin_mut(&variant), cx)
    }

    fn check_object(variant: OperationRef<'_, '_>, name: &str, data: &[u8], _cx: &PassContext<'_>) -> PassResult {
        check::check(ropt_mlir::ir::edit::pin(variant), name, data)
    }
}
