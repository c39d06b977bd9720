//! A pass that means well and changes as much as it can, for what comes back must be what it left.

use ropt_plugin::{
    prelude::*,
    ropt_mlir::{
        ir::{edit, symbol_name},
        mlir_sys::*,
    },
};

/// Changes a module by the seed: copies, moves and removes what stands in it, marks what stays, and puts attributes that
/// were there into new ones. Then it runs a pipeline on it.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-shuffle", anchor = "builtin.module")]
struct Shuffle {
    /// What comes of it.
    #[option(default = "0")]
    seed: u64,
    /// Passes to run at the end.
    #[option(default = "")]
    then: String,
}

impl RunPass for Shuffle {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let mut state = self.seed;
        let mut below = |limit: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % limit
        };
        let module = edit::pin_mut(&op);
        for (place, part) in parts(module).into_iter().enumerate() {
            let free = edit::operands(part).is_empty() && edit::results(part).is_empty();
            let name = symbol_name(part).unwrap_or_default();
            match below(8) {
                0 => edit::set_attribute(part, "hostile.mark", &format!("{} : i64", below(3))),
                1 => wrap(part),
                2 if free && name.starts_with("leaf") => edit::erase(part),
                3 if !name.is_empty() => copy(part, &format!("{name}_{place}_{}", below(1 << 30))),
                4 if free => {
                    // The first one may be another one by now.
                    if let Some(first) = parts(module).first().filter(|first| **first != part) {
                        edit::move_before(part, *first);
                    }
                }
                5 => edit::nested(part).first().into_iter().for_each(|inner| wrap(*inner)),
                _ => {}
            }
        }
        if self.then.is_empty() { Ok(()) } else { cx.run_pipeline(&self.then, module) }
    }
}

/// What stands in a module.
fn parts(module: edit::Op<'_>) -> Vec<edit::Op<'_>> {
    let mut found = Vec::new();
    // SAFETY: the module is alive, and has a body.
    unsafe {
        let mut next = mlirBlockGetFirstOperation(mlirRegionGetFirstBlock(mlirOperationGetRegion(module.to_raw(), 0)));
        while !next.ptr.is_null() {
            found.push(OperationRef::from_raw(next));
            next = mlirOperationGetNextInBlock(next);
        }
    }
    found
}

/// Gives an op a list of all attributes that it has.
fn wrap(op: edit::Op<'_>) {
    let raw = op.to_raw();
    // SAFETY: the op is alive, and all attributes are of its context.
    unsafe {
        let attributes = mlirOperationGetNumAttributes(raw);
        let all: Vec<_> = (0..attributes).map(|i| mlirOperationGetAttribute(raw, i).attribute).collect();
        let list = mlirArrayAttrGet(mlirOperationGetContext(raw), all.len() as isize, all.as_ptr());
        let name = "hostile.all";
        mlirOperationSetDiscardableAttributeByName(raw, text(name), list);
    }
}

/// Puts a copy of that name before a symbol.
fn copy(op: edit::Op<'_>, name: &str) {
    let raw = op.to_raw();
    // SAFETY: the op is alive; its block takes the copy.
    unsafe {
        let made = mlirOperationClone(raw);
        let symbol = mlirStringAttrGet(mlirOperationGetContext(raw), text(name));
        mlirOperationSetAttributeByName(made, text("sym_name"), symbol);
        mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(raw), raw, made);
    }
}

fn text(text: &str) -> MlirStringRef {
    MlirStringRef { data: text.as_ptr().cast(), length: text.len() }
}
