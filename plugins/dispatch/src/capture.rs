//! What a group takes from outside: tensors, scalars, and cheap ops that are copied into the kernel.

use ropt_mlir::ir::{
    edit::{Op, Val, defining_op, nested, op_name, operands, results},
    nesting::{blocks, parent},
};
use std::collections::HashSet;

use crate::{
    dims::dynamic_sizes,
    groups::Group,
    role::{Role, role},
    values::{is_scalar_constant, is_tensor, key, op_key},
};
use ropt_mlir::{
    ir::edit::pin_value,
    melior::ir::BlockLike,
};

/// The outside of a group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Captures<'c> {
    /// Tensors, in the order of their first use.
    pub(crate) tensors: Vec<Val<'c>>,
    /// Scalars that reach the kernel as constants: those that ops use, then sizes.
    pub(crate) scalars: Vec<Val<'c>>,
    /// The dynamic sizes of tensors and results, each once: the workload.
    pub(crate) workload: Vec<Val<'c>>,
    /// Ops with a copy in the kernel, producers before users.
    pub(crate) copies: Vec<Op<'c>>,
    /// The dynamic sizes of each tensor.
    pub(crate) tensor_sizes: Vec<Vec<Val<'c>>>,
    /// The dynamic sizes of each of the sink's results.
    pub(crate) result_sizes: Vec<Vec<Val<'c>>>,
}

impl<'c> Captures<'c> {
    /// Finds out what the group takes from outside.
    pub(crate) fn of(group: &Group<'c>) -> Self {
        let mut inside = HashSet::new();
        for member in &group.members {
            define(*member, &mut inside);
            nested(*member).into_iter().for_each(|op| define(op, &mut inside));
        }
        let mut found = Self::default();
        let mut seen = HashSet::new();
        for member in &group.members {
            for op in [*member].into_iter().chain(nested(*member)) {
                for value in operands(op) {
                    if !inside.contains(&key(value)) {
                        found.take(value, &mut seen);
                    }
                }
            }
        }
        let sink = group.members.last().map(|op| results(*op)).unwrap_or_default();
        found.tensor_sizes = found.tensors.iter().map(|tensor| dynamic_sizes(*tensor)).collect();
        found.result_sizes = sink.into_iter().map(dynamic_sizes).collect();
        let sizes: Vec<Val<'c>> = found.tensor_sizes.iter().chain(&found.result_sizes).flatten().copied().collect();
        for size in sizes {
            if is_scalar_constant(size) {
                found.copy(size, &mut seen);
            } else if !found.workload.contains(&size) {
                found.workload.push(size);
                if !found.scalars.contains(&size) {
                    found.scalars.push(size);
                }
            }
        }
        found
    }

    fn take(&mut self, value: Val<'c>, seen: &mut HashSet<usize>) {
        if seen.contains(&key(value)) {
            return;
        }
        if defining_op(value).is_some_and(|op| role(op) == Role::Copied) {
            self.copy(value, seen);
            return;
        }
        seen.insert(key(value));
        if is_tensor(value) {
            self.tensors.push(value);
        } else {
            self.scalars.push(value);
        }
    }

    fn copy(&mut self, value: Val<'c>, seen: &mut HashSet<usize>) {
        let Some(op) = defining_op(value) else { return };
        if seen.contains(&op_key(op)) {
            return;
        }
        for operand in operands(op) {
            self.take(operand, seen);
        }
        seen.insert(op_key(op));
        seen.extend(results(op).into_iter().map(key));
        self.copies.push(op);
    }
}

/// Notes what the op and its blocks define.
fn define<'c>(op: Op<'c>, inside: &mut HashSet<usize>) {
    inside.extend(results(op).into_iter().map(key));
    for block in blocks(op) {
        for index in 0..block.argument_count() {
            inside.extend(block.argument(index).map(|argument| key(pin_value(argument))));
        }
    }
}

/// Whether the tensor's storage may become the result's: it was made by a dispatch for this use alone.
pub(crate) fn may_be_overwritten<'c>(tensor: Val<'c>, group: &Group<'c>) -> bool {
    let Some(maker) = defining_op(tensor).filter(|op| op_name(*op) == "flow.dispatch") else { return false };
    let Some(sink) = group.members.last() else { return false };
    parent(maker) == parent(*sink) && ropt_mlir::ir::edit::users(tensor).len() == 1
}
