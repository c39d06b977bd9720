//! `vulkan-widen-indices`: kernels with an index that 32 bits may not hold compute their indices as i64.
//!
//! ```mlir
//! %0 = arith.muli %i, %c3000000000 : index ; %1 = arith.index_cast %0 : index to i64
//! // becomes
//! %0 = arith.muli %i, %c3000000000_i64 : i64
//! ```
//! An index in SPIR-V is an i32, which every device computes with. A kernel of which it is known that its indices fit (all
//! sizes are known, say) stays as it is. Memory is reached by i32 all the same: no binding has more elements, which the
//! driver checks.

use std::collections::HashMap;

use ropt_mlir::{
    ir::edit::{
        Builder, Op, Val, context_of, erase, nested, op_name, operands, pin, pin_mut, pin_value, replace_uses, results,
        set_attribute, set_operand, type_of, type_text,
    },
    ir::{ops_in, symbol_name},
    kernel::{is_kernel, kernels},
    melior::ir::{BlockLike, RegionLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use crate::ranges::{Ranges, matters};

/// Computes indices as i64 where 32 bits may not hold them.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "vulkan-widen-indices",
    anchor = "builtin.module",
    dialects("arith"),
    needs("hal-interface", "flat-bindings", "gpu-threads")
)]
struct WidenIndices {
    /// Most workgroups of a dispatch in each direction, where the export does not tell.
    #[option(name = "max-grid", default = 65535)]
    max_grid: i64,
    /// Kernels that compute indices of 64 bits.
    #[statistic]
    widened: Counter,
    /// Kernels whose indices are known to fit into 32 bits.
    #[statistic]
    narrow: Counter,
}

impl RunPass for WidenIndices {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let exports: Vec<Op<'_>> = module.parent_operation().map(pin).into_iter().flat_map(ops_in).collect();
        for kernel in kernels(module).into_iter().filter(|function| is_kernel(*function)) {
            let name = symbol_name(kernel);
            let export =
                exports.iter().copied().find(|op| op_name(*op) == "hal.executable.export" && symbol_name(*op) == name);
            let ranges = Ranges::of(kernel, Ranges::grid(export, self.max_grid.into()));
            if fits(kernel, &ranges) {
                self.narrow.add(1);
            } else {
                widen(kernel);
                self.widened.add(1);
            }
        }
        Ok(())
    }
}

/// Every value that an op makes or a block is given.
fn values<'c>(op: Op<'c>) -> Vec<Val<'c>> {
    let mut all = results(op);
    for region in op.regions() {
        let blocks = std::iter::successors(region.first_block(), |block| block.next_in_region());
        for block in blocks {
            all.extend((0..block.argument_count()).filter_map(|index| block.argument(index).ok().map(pin_value)));
        }
    }
    all
}

fn is_index(value: Val<'_>) -> bool {
    type_text(value.r#type()) == INDEX
}

const INDEX: &str = "index";
const WIDE: &str = "i64";
/// Ops, by the beginnings of their names, that take integers of any width where they take indices.
const COMPUTE: [&str; 8] = ["arith.", "scf.condition", "scf.for", "scf.if", "scf.while", "scf.yield", "ub.", "vector."];
/// Ops that begin alike and take positions.
const MEMORY: [&str; 4] = ["scf.forall", "vector.gather", "vector.load", "vector.store"];

fn computes(op: Op<'_>) -> bool {
    let name = op_name(op);
    COMPUTE.iter().any(|start| name.starts_with(start)) && !MEMORY.contains(&name.as_str())
}

/// Whether 32 bits hold every index of which more than that makes a difference.
fn fits(kernel: Op<'_>, ranges: &Ranges) -> bool {
    let mut seen = HashMap::new();
    nested(kernel).into_iter().all(|op| {
        let fit = |value: Val<'_>, seen: &mut _| !is_index(value) || ranges.fits(value) || !matters(value, seen);
        !ranges.misread(op) && values(op).into_iter().all(|value| fit(value, &mut seen))
    })
}

/// Makes every index an i64, but for those that the API gives and that memory takes.
fn widen(kernel: Op<'_>) {
    let all = nested(kernel);
    let mut places = Vec::new();
    for op in all.iter().copied().filter(|op| !computes(*op)) {
        let indices = operands(op).into_iter().enumerate().filter(|(_, value)| is_index(*value));
        places.extend(indices.map(|(number, _)| (op, number)));
    }
    for op in &all {
        let wide = type_of(context_of(*op), WIDE);
        for value in values(*op).into_iter().filter(|value| type_text(value.r#type()).contains(INDEX)) {
            if computes(*op) {
                let text = type_text(value.r#type()).replace(INDEX, WIDE);
                value.set_type(type_of(context_of(*op), &text));
            } else if is_index(value) {
                let cast = Builder::after(*op).op("arith.index_castui", &[value], &[wide], &[]);
                replace_uses(value, results(cast)[0]);
                set_operand(cast, 0, value);
            }
        }
        let constant = op.attribute("value").map(|value| value.to_string()).unwrap_or_default();
        if op_name(*op) == "arith.constant" && (constant.ends_with(INDEX) || constant.ends_with("xindex>")) {
            set_attribute(*op, "value", &constant.replace(INDEX, WIDE));
        }
    }
    for (op, number) in places {
        let value = operands(op)[number];
        set_operand(op, number, Builder::before(op).value("arith.index_cast", &[value], INDEX, &[]));
    }
    for op in all.into_iter().filter(|op| matches!(op_name(*op).as_str(), "arith.index_cast" | "arith.index_castui")) {
        let signed = op_name(op) == "arith.index_cast";
        replace_uses(results(op)[0], resized(Builder::before(op), operands(op)[0], results(op)[0], signed));
        erase(op);
    }
}

/// The value as an integer of the result's width.
fn resized<'c>(at: Builder<'c>, value: Val<'c>, result: Val<'c>, signed: bool) -> Val<'c> {
    let width =
        |text: &str| text.trim_end_matches('>').rsplit(['i', 'x']).next().and_then(|bits| bits.parse::<u32>().ok());
    let (from, to) = (type_text(value.r#type()), type_text(result.r#type()));
    match width(&from).cmp(&width(&to)) {
        std::cmp::Ordering::Equal => value,
        std::cmp::Ordering::Greater => at.value("arith.trunci", &[value], &to, &[]),
        std::cmp::Ordering::Less => at.value(if signed { "arith.extsi" } else { "arith.extui" }, &[value], &to, &[]),
    }
}
