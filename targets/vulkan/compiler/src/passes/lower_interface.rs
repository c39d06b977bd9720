//! `vulkan-lower-interface`: kernels become gpu.func ops with Vulkan's interface, all in one gpu.module.
//!
//! ```mlir
//! func.func @k() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
//!   %0 = hal.interface.binding.subspan … binding(1) : memref<?xf32> ; %1 = hal.interface.constant.load … ordinal(0) : i32
//! // becomes
//! gpu.module @kernels {
//!   spirv.GlobalVariable @push_constants : …
//!   gpu.func @k(%0: memref<?xf32> {spirv.interface_var_abi = #spirv.interface_var_abi<(0, 1)>}) kernel { … } }
//! ```
//! Descriptor set 0 holds the bindings by their numbers; push constants are one block of words.

use ropt_mlir::{
    ir::edit::{
        Builder, Op, Val, erase, move_to_end, nested, op_name, operands, pin_mut, pin_value, remove_attribute,
        replace_uses, results, set_attribute_value, single_block, type_text,
    },
    ir::{ops_in, symbol_name},
    kernel::{SUBSPAN, all_named, body, entry_block, i64_array, integer},
    melior::ir::{BlockLike, Type, ValueLike, operation::OperationLike},
};
use ropt_plugin::{kernels::kernels_alone, prelude::*};

use super::settle_matrices::ELEMENT;
use crate::empty_loops;

/// Gives kernels the interface of Vulkan: descriptor set 0, push constants, built-in ids.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "vulkan-lower-interface",
    anchor = "builtin.module",
    dialects("arith", "gpu", "memref", "spirv"),
    needs("hal-interface", "memref-bindings", "flat-bindings", "gpu-threads"),
    establishes("gpu-kernels: kernels are gpu.funcs of one gpu.module"),
    ends("hal-interface", "memref-bindings", "flat-bindings", "gpu-threads")
)]
struct LowerInterface {
    /// SPIR-V version of the modules.
    #[option(name = "spirv-version", default = "v1.3")]
    spirv_version: String,
    /// Element types, f16 and bf16, of which kernels may use cooperative matrices.
    #[option(name = "cooperative-matrices")]
    cooperative_matrices: Vec<String>,
    /// Threads of a subgroup, of which shuffles are; 0: kernels have none.
    #[option(default = 0)]
    subgroup: i64,
}

/// The symbol of the block with the push constants.
const PUSH_CONSTANTS: &str = "push_constants";
/// Everything that MLIR's conversions may use; what is left over goes again in spirv-update-vce.
const CAPABILITIES: &str = "Shader, Int8, Int16, Int64, Float16, Float64, StorageBuffer8BitAccess, \
    StorageUniform16, StorageBuffer16BitAccess, GroupNonUniform, GroupNonUniformArithmetic, GroupNonUniformShuffle";
/// The extensions of those capabilities.
const EXTENSIONS: &str = "SPV_KHR_storage_buffer_storage_class, SPV_KHR_8bit_storage, SPV_KHR_16bit_storage";
/// What cooperative matrices of an element type may use beyond that: capabilities and extensions.
const MATRICES: [(&str, &str, &str); 2] = [
    ("f16", ", CooperativeMatrixKHR, VulkanMemoryModel", ", SPV_KHR_cooperative_matrix"),
    (
        "bf16",
        ", CooperativeMatrixKHR, VulkanMemoryModel, BFloat16TypeKHR, BFloat16CooperativeMatrixKHR",
        ", SPV_KHR_cooperative_matrix, SPV_KHR_bfloat16",
    ),
];

impl RunPass for LowerInterface {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let all = kernels_alone(module)?;
        let Some(first) = all.first() else { return Ok(()) };
        let location = first.location();
        let wanted = |ty: &str| self.cooperative_matrices.iter().any(|given| given == ty);
        let matrices = MATRICES.iter().rev().find(|(ty, ..)| wanted(ty));
        let (capabilities, extensions) =
            matrices.map_or(("", ""), |(_, capabilities, extensions)| (*capabilities, *extensions));
        let limits = if self.subgroup > 0 { format!("subgroup_size = {}", self.subgroup) } else { String::new() };
        let environment = format!(
            "#spirv.target_env<#spirv.vce<{}, [{CAPABILITIES}{capabilities}], [{EXTENSIONS}{extensions}]>, api=Vulkan, \
             #spirv.resource_limits<{limits}>>",
            self.spirv_version
        );
        let inner = Builder::before(*first).op_with_regions(
            "gpu.module",
            &[],
            &[],
            &[("sym_name", "\"kernels\""), ("spirv.target_env", &environment)],
            vec![single_block(&[], location)],
        );
        let Some(block) = entry_block(inner) else { return Ok(()) };
        let words =
            all.iter().flat_map(|kernel| all_named(*kernel, "hal.interface.constant.load")).map(last_word).max();
        if let Some(words) = words {
            let ty = format!("{:?}", block_type(words));
            let ty = ty.trim_matches('"');
            Builder::at_end(block, location).op(
                "spirv.GlobalVariable",
                &[],
                &[],
                &[("sym_name", &format!("{PUSH_CONSTANTS:?}")), ("type", ty)],
            );
        }
        for kernel in all {
            lower(kernel, Builder::at_end(block, kernel.location()), words.unwrap_or(0))?;
        }
        ops_in(module).into_iter().filter(|op| op_name(*op) == "memref.global").for_each(erase);
        Ok(())
    }
}

/// How many words of push constants a load needs.
fn last_word(load: Op<'_>) -> i64 {
    let wide = matches!(type_text(results(load)[0].r#type()).as_str(), "i64" | "f64");
    integer(load, "ordinal").unwrap_or_default() + if wide { 2 } else { 1 }
}

fn block_type(words: i64) -> String {
    format!("!spirv.ptr<!spirv.struct<(!spirv.array<{words} x i32, stride=4> [0]), Block>, PushConstant>")
}

fn lower<'c>(kernel: Op<'c>, at: Builder<'c>, words: i64) -> PassResult {
    let name = symbol_name(kernel).unwrap_or_default();
    let subspans = all_named(kernel, SUBSPAN);
    let types: Vec<Type<'_>> = subspans.iter().map(|op| results(*op)[0].r#type()).collect();
    let texts: Vec<String> = types.iter().map(|ty| type_text(*ty)).collect();
    let binding = |op: &Op<'_>| integer(*op, "binding").unwrap_or_default();
    let attributes: Vec<String> = subspans
        .iter()
        .map(|op| format!("{{spirv.interface_var_abi = #spirv.interface_var_abi<(0, {})>}}", binding(op)))
        .collect();
    let size = i64_array(kernel, "ropt.workgroup_size");
    let size = if size.len() == 3 { format!("{}, {}, {}", size[0], size[1], size[2]) } else { "1, 1, 1".to_owned() };
    let inner = at.op_with_regions(
        "gpu.func",
        &[],
        &[],
        &[
            ("sym_name", &format!("{name:?}")),
            ("function_type", &format!("({}) -> ()", texts.join(", "))),
            ("arg_attrs", &format!("[{}]", attributes.join(", "))),
            ("gpu.kernel", "unit"),
            ("workgroup_attributions", "0 : i64"),
            ("spirv.entry_point_abi", &format!("#spirv.entry_point_abi<workgroup_size = [{size}]>")),
        ],
        vec![single_block(&types, kernel.location())],
    );
    if subspans.is_empty() {
        remove_attribute(inner, "arg_attrs");
    }
    if let Ok(element) = kernel.attribute(ELEMENT) {
        set_attribute_value(inner, ELEMENT, element);
    }
    let Some(block) = entry_block(inner) else { return Ok(()) };
    for op in body(kernel) {
        move_to_end(op, block);
    }
    for (index, subspan) in subspans.into_iter().enumerate() {
        replace_uses(results(subspan)[0], pin_value(block.argument(index)?));
        erase(subspan);
    }
    for op in nested(inner) {
        let at = Builder::before(op);
        let id = |name: &str| {
            let dimension = ["x", "y", "z"][integer(op, "dimension").unwrap_or_default().clamp(0, 2) as usize];
            at.value(name, &[], "index", &[("dimension", &format!("#gpu<dim {dimension}>"))])
        };
        let value = match op_name(op).as_str() {
            "hal.interface.workgroup.id" => id("gpu.block_id"),
            "hal.interface.workgroup.count" => id("gpu.grid_dim"),
            "hal.interface.workgroup.size" => id("gpu.block_dim"),
            "hal.interface.constant.load" => constant(op, words)?,
            "func.return" => {
                at.op("gpu.return", &[], &[], &[]);
                erase(op);
                continue;
            }
            // Memory of a workgroup: SPIR-V's conversion makes a variable of an allocation in space 3.
            "memref.get_global" => {
                let ty = type_text(results(op)[0].r#type());
                at.value("memref.alloc", &[], &ty, &[("operandSegmentSizes", "array<i32: 0, 0>")])
            }
            "memref.alloca" => {
                in_function(op);
                continue;
            }
            "memref.alloc" | "memref.dealloc" => {
                return Err(PassError::new(
                    "the kernel needs a buffer of its own, whose size is not known or too large",
                )
                .at(op.location())
                .help("a thread on the GPU has a few hundred bytes; compute the value where it is used instead"));
            }
            _ => continue,
        };
        replace_uses(results(op)[0], value);
        erase(op);
    }
    empty_loops::settle(inner);
    erase(kernel);
    Ok(())
}

/// A push constant: words of 32 bits, the low one first.
fn constant<'c>(op: Op<'c>, words: i64) -> PassResult<Val<'c>> {
    let at = Builder::before(op);
    let text = type_text(results(op)[0].r#type());
    let ordinal = integer(op, "ordinal").unwrap_or_default();
    let word = |ordinal: i64| {
        let block =
            at.value("spirv.mlir.addressof", &[], &block_type(words), &[("variable", &format!("@{PUSH_CONSTANTS}"))]);
        let number = |value: i64| at.value("spirv.Constant", &[], "i32", &[("value", &format!("{value} : i32"))]);
        let place =
            at.value("spirv.AccessChain", &[block, number(0), number(ordinal)], "!spirv.ptr<i32, PushConstant>", &[]);
        at.value("spirv.Load", &[place], "i32", &[])
    };
    let narrow = |value: Val<'c>, ty: &str| at.value("arith.trunci", &[value], ty, &[]);
    let cast = |value: Val<'c>, ty: &str| at.value("arith.bitcast", &[value], ty, &[]);
    let low = word(ordinal);
    Ok(match text.as_str() {
        "i32" => low,
        "f32" => cast(low, "f32"),
        "i8" | "i16" | "i1" => narrow(low, &text),
        "f16" => cast(narrow(low, "i16"), &text),
        "index" => at.value("arith.index_castui", &[low], "index", &[]),
        "i64" | "f64" => {
            let wide = |value| at.value("arith.extui", &[value], "i64", &[]);
            let bits = at.value("arith.constant", &[], "i64", &[("value", "32 : i64")]);
            let high = at.value("arith.shli", &[wide(word(ordinal + 1)), bits], "i64", &[]);
            let both = at.value("arith.ori", &[high, wide(low)], "i64", &[]);
            if text == "f64" { cast(both, "f64") } else { both }
        }
        _ => {
            return Err(PassError::new(format!("a push constant can not be a {text}"))
                .at(op.location())
                .help("load it as i32 words and convert"));
        }
    })
}

/// Moves a buffer to a thread's own memory: memory space 6 is SPIR-V's Function, see map-memref-spirv-storage-class.
fn in_function(alloca: Op<'_>) {
    let at = Builder::before(alloca);
    let text = type_text(results(alloca)[0].r#type());
    let Some(shape) = text.strip_prefix("memref<").and_then(|rest| rest.strip_suffix('>')) else { return };
    if shape.contains(',') {
        return;
    }
    let own = at.ty(&format!("memref<{shape}, 6>"));
    let counts = [("operandSegmentSizes", "array<i32: 0, 0>")];
    let other = at.op("memref.alloca", &operands(alloca), &[own], &counts);
    replace_uses(results(alloca)[0], results(other)[0]);
    erase(alloca);
}
