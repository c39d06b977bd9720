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
    sizes::{self, Equal},
    values::{is_scalar_constant, is_tensor, key, op_key},
};
use ropt_mlir::{ir::edit::pin_value, melior::ir::BlockLike};

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
    /// Sizes that are equal to others: the kernel gets only those.
    pub(crate) equal: Equal<'c>,
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
        found.size(group, &mut seen);
        found
    }

    /// Finds the dynamic sizes, which the kernel needs to know each tensor's shape.
    fn size(&mut self, group: &Group<'c>, seen: &mut HashSet<usize>) {
        self.equal = sizes::check(group);
        let chosen = |tensor: Val<'c>| dynamic_sizes(tensor).into_iter().map(|size| self.equal.of(size)).collect();
        self.tensor_sizes = self.tensors.iter().map(|tensor| chosen(*tensor)).collect();
        self.result_sizes = group.results().into_iter().map(chosen).collect();
        let mut scalars = Vec::new();
        for scalar in self.scalars.iter().map(|scalar| self.equal.of(*scalar)) {
            if !scalars.contains(&scalar) {
                scalars.push(scalar);
            }
        }
        self.scalars = scalars;
        let sizes: Vec<Val<'c>> = self.tensor_sizes.iter().chain(&self.result_sizes).flatten().copied().collect();
        let used = sizes.iter().copied().chain(self.scalars.clone());
        for constant in used.filter(|value| is_scalar_constant(*value)) {
            self.copy(constant, seen);
        }
        self.scalars.retain(|scalar| !is_scalar_constant(*scalar));
        for size in sizes {
            if !is_scalar_constant(size) && !self.workload.contains(&size) {
                self.workload.push(size);
                if !self.scalars.contains(&size) {
                    self.scalars.push(size);
                }
            }
        }
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
