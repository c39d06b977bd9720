//! `cuda-lower-interface`: kernels become gpu.func ops with IREE's interface for CUDA, all in one gpu.module.
//!
//! ```mlir
//! func.func @k() attributes {ropt.workgroup_size = array<i64: 64, 1, 1>} {
//!   %0 = hal.interface.binding.subspan … binding(1) : memref<?xf32> ; %1 = hal.interface.constant.load … ordinal(0) : i32
//! // becomes, with two bindings and one constant in the layout
//! gpu.module @kernels {
//!   gpu.func @k(%b0: memref<2147483647xi8, 1>, %0: memref<…xf32, 1>, %1: i32) kernel … { … } }
//! ```
//! Every binding of the layout is a parameter, used or not, then every constant. Memory space 1 is CUDA's global memory.
//! A memref that is passed by its address alone must have a size; the one here is more than any buffer's.

use ropt_mlir::{
    ir::edit::{
        Builder, Op, Val, erase, move_to_end, nested, op_name, pin_mut, pin_value, replace_uses, results, single_block,
        type_text,
    },
    ir::{ops_in, symbol_name},
    kernel::{SUBSPAN, all_named, body, entry_block, i64_array, integer},
    melior::ir::{BlockLike, BlockRef, ShapedTypeLike, Type, ValueLike, operation::OperationLike, r#type::MemRefType},
};
use ropt_plugin::{kernels::kernels_alone, prelude::*};

use crate::shared;

/// Gives kernels the interface of CUDA: the bindings' addresses, then the constants.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cuda-lower-interface",
    anchor = "builtin.module",
    dialects("arith", "gpu", "memref", "nvvm"),
    needs("hal-interface", "memref-bindings", "flat-bindings", "gpu-threads"),
    establishes("gpu-kernels: kernels are gpu.funcs of one gpu.module"),
    ends("hal-interface", "memref-bindings", "flat-bindings", "gpu-threads")
)]
struct LowerInterface {}

/// Elements of a parameter, of any type: more than a kernel indexes, less than what overflows.
const MANY: i64 = 1 << 40;

impl RunPass for LowerInterface {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let all = kernels_alone(module)?;
        let Some(first) = all.first() else { return Ok(()) };
        let inner = Builder::before(*first).op_with_regions(
            "gpu.module",
            &[],
            &[],
            &[("sym_name", "\"kernels\"")],
            vec![single_block(&[], first.location())],
        );
        let Some(block) = entry_block(inner) else { return Ok(()) };
        for global in ops_in(module).into_iter().filter(|op| op_name(*op) == "memref.global") {
            // Memory of a workgroup, which kernels reach by its name.
            move_to_end(global, block);
        }
        for kernel in all {
            let layout = Layout::of(module, kernel);
            shared::place(kernel, Builder::at_end(block, kernel.location()));
            lower(kernel, Builder::at_end(block, kernel.location()), layout)?;
        }
        shared::clean(inner);
        Ok(())
    }
}

/// How many parameters a kernel has.
#[derive(Clone, Copy)]
struct Layout {
    bindings: i64,
    constants: i64,
}

impl Layout {
    /// From the export; where there is none, from what the kernel uses.
    fn of(module: Op<'_>, kernel: Op<'_>) -> Self {
        let last = |op: &str, attribute: &str| {
            all_named(kernel, op).into_iter().filter_map(|op| integer(op, attribute)).max().map_or(0, |last| last + 1)
        };
        let used = Self {
            bindings: last(SUBSPAN, "binding"),
            constants: all_named(kernel, "hal.interface.constant.load").into_iter().map(last_word).max().unwrap_or(0),
        };
        let name = symbol_name(kernel);
        let variant = module.parent_operation().map(ropt_mlir::ir::edit::pin);
        let export = variant
            .into_iter()
            .flat_map(ops_in)
            .find(|op| op_name(*op) == "hal.executable.export" && symbol_name(*op) == name);
        let Some(layout) = export.and_then(|export| export.attribute("layout").ok()).map(|layout| layout.to_string())
        else {
            return used;
        };
        let constants = layout.split_once("constants = ").map(|(_, rest)| rest);
        let constants = constants.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
        Self {
            bindings: used.bindings.max(layout.matches("#hal.pipeline.binding<").count() as i64),
            constants: used.constants.max(constants.unwrap_or(0)),
        }
    }
}

/// How many words of push constants a load needs.
fn last_word(load: Op<'_>) -> i64 {
    let wide = matches!(type_text(results(load)[0].r#type()).as_str(), "i64" | "f64");
    integer(load, "ordinal").unwrap_or_default() + if wide { 2 } else { 1 }
}

fn lower<'c>(kernel: Op<'c>, at: Builder<'c>, layout: Layout) -> PassResult {
    let name = symbol_name(kernel).unwrap_or_default();
    let subspans = all_named(kernel, SUBSPAN);
    let element = |op: &Op<'c>| MemRefType::try_from(results(*op)[0].r#type()).map(|ty| type_text(ty.element()));
    // A binding that is read as several types is a parameter of bytes.
    let mut elements = vec![String::new(); usize::try_from(layout.bindings).unwrap_or_default()];
    for op in &subspans {
        let slot = &mut elements[binding(*op)];
        let own = element(op)?;
        *slot = if slot.is_empty() || *slot == own { own } else { "i8".to_owned() };
    }
    let mut types: Vec<String> = elements
        .iter()
        .map(|element| format!("memref<{MANY}x{}, 1>", if element.is_empty() { "i8" } else { element }))
        .collect();
    types.extend((0..layout.constants).map(|_| "i32".to_owned()));
    let size = i64_array(kernel, "ropt.workgroup_size");
    let size = if size.len() == 3 { format!("{}, {}, {}", size[0], size[1], size[2]) } else { "1, 1, 1".to_owned() };
    let parameters: Vec<Type<'c>> = types.iter().map(|text| at.ty(text)).collect();
    let inner = at.op_with_regions(
        "gpu.func",
        &[],
        &[],
        &[
            ("sym_name", &format!("{name:?}")),
            ("function_type", &format!("({}) -> ()", types.join(", "))),
            ("gpu.kernel", "unit"),
            ("workgroup_attributions", "0 : i64"),
            ("known_block_size", &format!("array<i32: {size}>")),
        ],
        vec![single_block(&parameters, kernel.location())],
    );
    let Some(block) = entry_block(inner) else { return Ok(()) };
    for op in body(kernel) {
        move_to_end(op, block);
    }
    for subspan in subspans {
        let own = element(&subspan)?;
        let mut memory = pin_value(block.argument(binding(subspan))?);
        if elements[binding(subspan)] != own {
            let at = Builder::before(subspan);
            memory = at.value("memref.view", &[memory, at.index(0)], &format!("memref<{}x{own}, 1>", MANY >> 3), &[]);
        }
        replace_uses(results(subspan)[0], memory);
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
            "hal.interface.constant.load" => constant(op, block, layout)?,
            "func.return" => {
                at.op("gpu.return", &[], &[], &[]);
                erase(op);
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
    erase(kernel);
    Ok(())
}

fn binding(subspan: Op<'_>) -> usize {
    integer(subspan, "binding").and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
}

/// A constant: a parameter of 32 bits, or two, the low one first.
fn constant<'c>(op: Op<'c>, block: BlockRef<'c, 'c>, layout: Layout) -> PassResult<Val<'c>> {
    let at = Builder::before(op);
    let text = type_text(results(op)[0].r#type());
    let ordinal = integer(op, "ordinal").unwrap_or_default();
    let word = |ordinal: i64| -> PassResult<Val<'c>> {
        let index = usize::try_from(layout.bindings + ordinal).unwrap_or_default();
        Ok(pin_value(block.argument(index)?))
    };
    let narrow = |value: Val<'c>, ty: &str| at.value("arith.trunci", &[value], ty, &[]);
    let cast = |value: Val<'c>, ty: &str| at.value("arith.bitcast", &[value], ty, &[]);
    let low = word(ordinal)?;
    Ok(match text.as_str() {
        "i32" => low,
        "f32" => cast(low, "f32"),
        "i8" | "i16" | "i1" => narrow(low, &text),
        "f16" | "bf16" => cast(narrow(low, "i16"), &text),
        "index" => at.value("arith.index_castui", &[low], "index", &[]),
        "i64" | "f64" => {
            let wide = |value| at.value("arith.extui", &[value], "i64", &[]);
            let bits = at.value("arith.constant", &[], "i64", &[("value", "32 : i64")]);
            let high = at.value("arith.shli", &[wide(word(ordinal + 1)?), bits], "i64", &[]);
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
