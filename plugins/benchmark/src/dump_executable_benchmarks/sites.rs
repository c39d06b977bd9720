//! The places that dispatch an executable's exports.

use ropt_mlir::{
    ir::{
        attributes::operand_segments,
        edit::{Op, Val, op_name, pin, results},
        ops_in,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::executable::{entry_points, tied_operands};
use std::collections::HashMap;

/// A place that dispatches an export.
#[derive(Clone)]
pub(super) struct Site<'c> {
    /// The `flow.dispatch`.
    pub(super) op: Op<'c>,
    /// The function or initializer that it is in.
    pub(super) function: Op<'c>,
    /// The export's name.
    pub(super) export: String,
    /// What the count region takes.
    pub(super) workload: Vec<Val<'c>>,
    /// Tensors and scalars, in the order of bindings and constants.
    pub(super) arguments: Vec<Val<'c>>,
    /// The dynamic sizes of the arguments, in order.
    pub(super) argument_dims: Vec<Val<'c>>,
    /// The dynamic sizes of the results, in order.
    pub(super) result_dims: Vec<Val<'c>>,
    /// The results.
    pub(super) results: Vec<Val<'c>>,
    /// For each result the argument whose storage it is written to, when it is one's.
    pub(super) tied: Vec<Option<usize>>,
}

/// All dispatches of a module, by executable, in order.
pub(super) fn sites<'c>(module: Op<'c>) -> HashMap<String, Vec<Site<'c>>> {
    let mut found = HashMap::new();
    for function in ops_in(module).into_iter().map(pin) {
        // Kernels do not dispatch.
        if !matches!(op_name(function).as_str(), "hal.executable" | "hal.executable.source") {
            visit(function, function, &mut found);
        }
    }
    found
}

fn visit<'c>(op: Op<'c>, function: Op<'c>, found: &mut HashMap<String, Vec<Site<'c>>>) {
    for op in ops_in(op).into_iter().map(pin) {
        if op_name(op) != "flow.dispatch" {
            visit(op, function, found);
            continue;
        }
        let mut segments = operand_segments(op).into_iter();
        let mut next = || segments.next().unwrap_or_default();
        let site = Site {
            op,
            function,
            export: String::new(),
            workload: next(),
            arguments: next(),
            argument_dims: next(),
            result_dims: next(),
            results: results(op),
            tied: tied(op),
        };
        for (executable, export) in entry_points(op) {
            found.entry(executable).or_default().push(Site { export, ..site.clone() });
        }
    }
}

/// For each result the argument that it is tied to.
fn tied(op: Op<'_>) -> Vec<Option<usize>> {
    let mut tied: Vec<_> = tied_operands(op).into_iter().map(|index| usize::try_from(index).ok()).collect();
    tied.resize(op.result_count(), None);
    tied
}
