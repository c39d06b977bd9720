//! `gpu-select-schedule`: writes on each kernel how it is spread over threads.
//!
//! ```mlir
//! func.func @k() attributes {ropt.schedule = "elements"} { … linalg.generic {ropt.sink} … }
//! ```
//! The annotations are meant to be read and edited; what is already there is checked and kept.

use ropt_mlir::{
    ir::{
        edit::{Op, defining_op, op_name, operands, pin_mut, results, set_attribute},
        linalg_loops, op_is,
    },
    kernel::{all_named, kernels, string},
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use crate::{ELEMENTS, PLAIN, SCHEDULE, SINK};

/// Chooses how each kernel is spread over threads: one for each element of its result, or one for all.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "gpu-select-schedule",
    anchor = "builtin.module",
    needs("cpu-decomposed"),
    establishes("gpu-schedules: kernels say how they are spread over threads")
)]
struct SelectSchedule {
    /// Kernels spread over threads.
    #[statistic]
    spread: Counter,
    /// Kernels left to one thread.
    #[statistic]
    plain: Counter,
}

impl RunPass for SelectSchedule {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for kernel in kernels(pin_mut(&op)) {
            if kernel.has_attribute(SCHEDULE) {
                check(kernel)?;
                continue;
            }
            match sink(kernel) {
                Some(sink) => {
                    self.spread.add(1);
                    set_attribute(kernel, SCHEDULE, &format!("{ELEMENTS:?}"));
                    set_attribute(sink, SINK, "unit");
                }
                None => {
                    self.plain.add(1);
                    set_attribute(kernel, SCHEDULE, &format!("{PLAIN:?}"));
                }
            }
        }
        Ok(())
    }
}

/// The op that all stores take their values from, when its elements can be computed independently.
fn sink(kernel: Op<'_>) -> Option<Op<'_>> {
    const STORES: [&str; 2] = ["iree_tensor_ext.dispatch.tensor.store", "iree_codegen.store_to_buffer"];
    let stores = STORES.iter().flat_map(|name| all_named(kernel, name));
    let mut sources = stores.map(|store| defining_op(operands(store)[0]));
    let sink = sources.next()??;
    let only = sources.all(|source| source == Some(sink));
    let loops = linalg_loops(sink);
    let runs = loops.iter().all(|each| each.trips != Some(0));
    let fits = only
        && runs
        && op_is(sink, "LinalgOp")
        && op_name(sink) != "linalg.fill"
        && loops.iter().any(|each| each.parallel)
        && sink.block() == kernel.region(0).ok()?.first_block()
        && !results(sink).is_empty();
    fits.then_some(sink)
}

/// What a user wrote must be usable.
fn check(kernel: Op<'_>) -> PassResult {
    let name = string(kernel, SCHEDULE).unwrap_or_default();
    if [ELEMENTS, PLAIN].contains(&name.as_str()) {
        return Ok(());
    }
    Err(PassError::new(format!("there is no schedule `{name}` for GPUs"))
        .at(kernel.location())
        .note(format!("schedules: {ELEMENTS}, {PLAIN}")))
}
