//! Making the replacements. All checks are done: nothing here can fail.

use crate::plan::{Change, Plan};
use ropt_mlir::ir::{
    clone_mapped,
    edit::{Builder, Op, erase, op_name, pin, set_attribute},
    ops_in, symbol_name,
};
use ropt_plugin::executable::{children, replace};

/// Makes one replacement; how many executables or variants it replaced.
pub(crate) fn apply(plan: Plan<'_>) -> u64 {
    match plan.change {
        Change::Whole { file, executable } => {
            replace(plan.original, executable);
            drop(file);
            1
        }
        Change::Variants { file, pairs } => {
            let count = pairs.len() as u64;
            for (old, new) in pairs {
                replace(old, new);
            }
            drop(file);
            count
        }
        Change::Source { file, source, variants } => {
            for variant in &variants {
                fill(*variant, source);
            }
            drop(file);
            variants.len() as u64
        }
        Change::Object { variants } => {
            let count = variants.len() as u64;
            for (variant, objects) in variants {
                for old in ["builtin.module", "hal.executable.binary"].iter().flat_map(|name| children(variant, name)) {
                    erase(old);
                }
                set_attribute(variant, "objects", &objects);
            }
            count
        }
    }
}

/// Replaces a variant's contents by copies of a source's.
fn fill<'c>(variant: Op<'c>, source: Op<'c>) {
    let is_end =
        |op: Op<'c>| matches!(op_name(op).as_str(), "hal.executable.variant_end" | "hal.executable.source_end");
    let old: Vec<Op<'c>> = ops_in(variant).into_iter().map(pin).collect();
    let Some(first) = old.first().copied() else { return };
    let builder = Builder::before(first);
    for op in ops_in(source).into_iter().map(pin).filter(|op| !is_end(*op)) {
        builder.insert(clone_mapped(op, &[], &[]));
    }
    for op in old.into_iter().filter(|op| !is_end(*op)) {
        erase(op);
    }
    debug_assert!(symbol_name(variant).is_some());
}
