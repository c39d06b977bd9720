//! `cpu-apply-schedule`: fills a kernel's tile sizes into the schedule it names and runs it.
//!
//! A schedule that does not fit leaves the kernel as it was, with a remark: it then takes the plain path, which lowers
//! everything to loops and leaves vectors to LLVM.

use ropt_mlir::{
    ir::{
        edit::{Op, nested, pin_mut, remove_attribute},
        stop_asked, symbol_name,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{
    config::Config,
    ops::{kernels, string},
    schedule::{self, Library, MAP, PANEL, PLAIN, REDUCE, ROOT, SCHEDULE, SINK, TILES},
};

/// Runs the schedule that each kernel's `ropt.schedule` names, with the tile sizes of `ropt.tiles`.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cpu-apply-schedule",
    anchor = "builtin.module",
    dialects("affine", "arith", "linalg", "memref", "scf", "tensor", "transform", "vector"),
    needs("memref-bindings", "cpu-schedules"),
    establishes("cpu-vectors: kernels are tiled and work on vectors, or were left to the plain path")
)]
struct ApplySchedule {
    /// Folder whose <name>.mlir go before the built-in schedules.
    #[option(default = "")]
    schedules: String,
    /// Ignore the schedules and leave every kernel to the plain path.
    #[option(default = false)]
    plain: bool,
    /// Schedules applied.
    #[statistic]
    applied: Counter,
    /// Schedules that did not fit.
    #[statistic]
    refused: Counter,
}

impl RunPass for ApplySchedule {
    fn run(&mut self, op: OperationRefMut<'_, '_>, cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let library = Library { folder: self.folder(module) };
        for kernel in kernels(module) {
            let Some(name) = string(kernel, SCHEDULE) else { continue };
            // Also on the plain path, which is taken when another one fails: a mistake of the user's is no reason for it.
            let tiles = schedule::check(kernel, &library)?;
            let (location, symbol) = (kernel.location(), symbol_name(kernel).unwrap_or_default());
            if !self.plain && name != PLAIN {
                let text = schedule::fill(&library.text(&name).map_err(|error| error.at(location))?, &tiles);
                let done = schedule::apply(kernel, &name, &text);
                if stop_asked(module) {
                    // Whatever it has left is of no use.
                    return Err(PassError::new(format!("in the schedule `{name}` of `{symbol}`")).at(location));
                }
                match done {
                    Ok(()) => self.applied.add(1),
                    Err(error) => {
                        self.refused.add(1);
                        cx.remark(location, format!("`{symbol}` takes the plain path: {error}"));
                    }
                }
            }
        }
        for kernel in kernels(module) {
            clean(kernel);
        }
        Ok(())
    }
}

impl ApplySchedule {
    /// The option's folder, or the one that the variant's target names.
    fn folder(&self, module: Op<'_>) -> String {
        if !self.schedules.is_empty() {
            return self.schedules.clone();
        }
        let target = module.parent_operation().and_then(|variant| variant.attribute("target").ok());
        target.map(|text| Config::parse(&text.to_string()).schedules).unwrap_or_default()
    }
}

/// The annotations have done their work.
fn clean(kernel: Op<'_>) {
    remove_attribute(kernel, SCHEDULE);
    remove_attribute(kernel, TILES);
    for op in nested(kernel) {
        for mark in [ROOT, SINK, REDUCE, MAP, PANEL] {
            remove_attribute(op, mark);
        }
    }
}
