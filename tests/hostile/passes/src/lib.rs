//! Passes that do everything a plugin must not do, each to functions whose name starts with `victim`; the others are
//! there to see whether they stay as they are. Nothing finds this plugin unless it is named.

mod ends;
mod forge;
mod ir;
mod output;
mod resources;
mod shuffle;
mod system;

use ropt_plugin::{prelude::*, ropt_mlir::ir::symbol_name};

/// Whether a pass is to do what it is named for.
fn is_victim(op: &OperationRefMut<'_, '_>) -> bool {
    // SAFETY: the op lives as long as the reference to it.
    let op = unsafe { OperationRef::from_raw(op.to_raw()) };
    symbol_name(op).is_some_and(|name| name.starts_with("victim"))
}

/// A pass of that name that calls `does` on each victim.
macro_rules! hostile {
    ($(#[$doc:meta])* $type:ident, $name:literal, $does:expr) => {
        $(#[$doc])*
        #[derive(Pass, Clone, Default)]
        #[pass(name = $name, anchor = "func.func")]
        struct $type {}

        impl RunPass for $type {
            fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
                if crate::is_victim(&op) { $does(op, cx) } else { Ok(()) }
            }
        }
    };
}
pub(crate) use hostile;

/// Works as it should: says something, counts, and marks the function.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-not", anchor = "func.func")]
struct Not {
    /// What to say.
    #[option(default = "seen")]
    word: String,
    /// Functions seen.
    #[statistic]
    functions: Counter,
}

impl RunPass for Not {
    fn run(&mut self, mut op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        self.functions.add(1);
        cx.remark(op.location(), self.word.clone());
        ir::mark(&mut op, "seen");
        Ok(())
    }
}

/// Does nothing to a module; what is measured is how it gets there.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-idle", anchor = "builtin.module")]
struct Idle {}

impl RunPass for Idle {
    fn run(&mut self, _: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        Ok(())
    }
}

/// Changes a module a little: one attribute comes, or goes.
#[derive(Pass, Clone, Default)]
#[pass(name = "hostile-flip", anchor = "builtin.module")]
struct Flip {}

impl RunPass for Flip {
    fn run(&mut self, mut op: OperationRefMut<'_, '_>, _: &PassContext<'_>) -> PassResult {
        if op.remove_attribute("hostile.flipped").is_err() {
            ir::mark(&mut op, "hostile.flipped");
        }
        Ok(())
    }
}

ropt_plugin::plugin!("hostile");
