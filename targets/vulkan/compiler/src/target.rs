//! The target as the host sees it: flags, attribute, stage pipelines.

use ropt_plugin::prelude::*;

use crate::serialize;

/// Compiles executables for Vulkan devices: SPIR-V with descriptor set 0 and push constants, as IREE's kernels have it.
#[derive(Target)]
#[target(
    name = "vulkan-spirv",
    aliases("vulkan"),
    formats("vulkan-spirv-fb"),
    stage("configure", "builtin.module(cpu-decompose-ops,gpu-select-schedule)"),
    stage(
        "translate",
        "builtin.module(cpu-decompose-ops,canonicalize,cse,cpu-materialize-interface,canonicalize,cse,gpu-apply-schedule,gpu-tile-threads,canonicalize,cse,\
func.func(linalg-generalize-named-ops,linalg-fuse-elementwise-ops),canonicalize,cse,eliminate-empty-tensors,one-shot-bufferize,canonicalize,cse,fold-memref-alias-ops,canonicalize,cse,\
cpu-lower-copies,cpu-place-allocations,lower-affine,canonicalize,cse),\
gpu-distribute-threads,\
builtin.module(func.func(scf-forall-to-for,convert-linalg-to-loops),fold-memref-alias-ops,canonicalize,cse,gpu-flatten-bindings,\
lower-affine,canonicalize,cse,func.func(sroa,mem2reg),canonicalize,cse,\
math-extend-to-supported-types{extra-types=f64 target-type=f32},cpu-approximate-math,math-expand-ops{ops=sinh,cosh,exp2,powf},gpu-expand-double-math,inline,symbol-dce,arith-expand{include-bf16=true},canonicalize,cse,\
vulkan-lower-interface,gpu.module(convert-math-to-spirv),map-memref-spirv-storage-class{client-api=vulkan},\
convert-gpu-to-spirv{use-64bit-index=false},spirv.module(spirv-lower-abi-attrs,canonicalize,cse,spirv-update-vce))"
    )
)]
struct VulkanSpirv;

/// The target attribute's text.
const ATTRIBUTE: &str = "#hal.executable.target<\"vulkan-spirv\", \"vulkan-spirv-fb\">";

impl CompileTarget for VulkanSpirv {
    fn attributes(_options: &TargetOptions) -> PassResult<Vec<String>> {
        Ok(vec![ATTRIBUTE.to_owned()])
    }

    fn pipeline(stage: &str, _attribute: &str) -> PassResult<String> {
        let declared = Self::STAGES.iter().find(|(name, _)| *name == stage);
        Ok(declared.map(|(_, text)| (*text).to_owned()).unwrap_or_default())
    }

    fn serialize(variant: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult<Binary> {
        serialize::serialize(ropt_mlir::ir::edit::pin_mut(&variant), cx)
    }
}
