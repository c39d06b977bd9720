//! `cpu-lower-vectors`: contractions, reductions and transfers of vectors become what a processor has.

use ropt_mlir::ir::edit::pin_mut;
use ropt_plugin::prelude::*;

use crate::{
    ops::kernels,
    schedule::{self, Library, Tiles},
};

/// Runs the schedule `lower` on every kernel.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cpu-lower-vectors",
    anchor = "builtin.module",
    dialects("arith", "memref", "scf", "transform", "vector"),
    needs("cpu-vectors"),
    ends("cpu-vectors")
)]
struct LowerVectors {
    /// Folder whose lower.mlir goes before the built-in schedule.
    #[option(default = "")]
    schedules: String,
}

impl RunPass for LowerVectors {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let library = Library { folder: self.schedules.clone() };
        let text = schedule::fill(&library.text("lower")?, &Tiles::default());
        for kernel in kernels(pin_mut(&op)) {
            let location = kernel.location();
            schedule::apply(kernel, "lower", &text).map_err(|error| PassError::from(error).at(location))?;
        }
        Ok(())
    }
}
