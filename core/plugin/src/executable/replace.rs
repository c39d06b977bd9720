//! Putting an executable in the place of another.

use super::children;
use ropt_mlir::{
    ir::edit::{Op, erase, move_before, remove_attribute, set_attribute},
    melior::ir::operation::OperationLike,
};

/// Puts `new`, which may be in another module, in the place of `old`. Name and visibility of the old one stay, for
/// executables also those of the variants for the same targets: callers know them by these.
pub fn replace<'c>(old: Op<'c>, new: Op<'c>) {
    let variants = |op| children(op, "hal.executable.variant");
    for (old, new) in variants(old).into_iter().zip(variants(new)) {
        if old.attribute("target").ok() == new.attribute("target").ok() {
            copy_attribute(old, new, "sym_name");
        }
    }
    copy_attribute(old, new, "sym_name");
    copy_attribute(old, new, "sym_visibility");
    move_before(new, old);
    erase(old);
}

fn copy_attribute<'c>(from: Op<'c>, to: Op<'c>, name: &str) {
    match from.attribute(name) {
        Ok(value) => set_attribute(to, name, &value.to_string()),
        Err(_) => {
            remove_attribute(to, name);
        }
    }
}
