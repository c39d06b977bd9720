//! Sizes that must be equal because one loop runs over them.
//!
//! A kernel gets each of them once. That they are equal is not known before run time, so the host checks it: a
//! program that is called with tensors that do not fit each other ends with a message.

use ropt_mlir::ir::{
    attributes::constant_integer,
    edit::{Builder, Op, Val, defining_op, op_name, operands},
};
use std::collections::HashMap;

use crate::{
    dims::size,
    groups::Group,
    program::constant,
    role::{Role, role},
    space::Space,
    values::{Tensor, is_tensor, op_key},
};
use ropt_mlir::melior::ir::ValueLike;

/// Values that stand for the same size, each with the one that is used for all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Equal<'c>(Vec<(Val<'c>, Val<'c>)>);

impl<'c> Equal<'c> {
    /// The value used in place of this one.
    pub(crate) fn of(&self, value: Val<'c>) -> Val<'c> {
        self.0.iter().find(|(from, _)| *from == value).map_or(value, |(_, to)| *to)
    }

    /// The values that others are used for, with those.
    pub(crate) fn pairs(&self) -> &[(Val<'c>, Val<'c>)] {
        &self.0
    }

    fn join(&mut self, one: Val<'c>, other: Val<'c>) {
        let (one, other) = (self.of(one), self.of(other));
        if one != other {
            self.0.iter_mut().filter(|(_, to)| *to == other).for_each(|(_, to)| *to = one);
            self.0.push((other, one));
        }
    }
}

/// Finds the sizes of what the group takes from outside that must be equal, and checks them before the sink.
pub(crate) fn check<'c>(group: &Group<'c>) -> Equal<'c> {
    let members: Vec<usize> = group.members.iter().map(|op| op_key(*op)).collect();
    let outside = |value: Val<'c>| defining_op(value).is_none_or(|op| !members.contains(&op_key(op)));
    let mut equal = Equal::default();
    let Some(sink) = group.members.last() else { return equal };
    for member in &group.members {
        let Some(space) = Space::of(*member) else { continue };
        let mut first: HashMap<usize, Val<'c>> = HashMap::new();
        for (operand, access) in operands(*member).into_iter().zip(&space.operands) {
            if !is_tensor(operand) || !outside(operand) || placeholder(operand) {
                continue;
            }
            let sizes = Tensor::of(operand.r#type()).map(|tensor| tensor.sizes).unwrap_or_default();
            for (dimension, each) in access.iter().enumerate() {
                let Some(each) = *each else { continue };
                let here = match sizes[dimension] {
                    Some(known) if space.loops[each].trips == Some(known) => continue,
                    _ => size(operand, dimension),
                };
                let there = match space.loops[each].trips {
                    Some(trips) => constant(*sink, trips),
                    None => *first.entry(each).or_insert(here),
                };
                assert_equal(*sink, *member, here, there, &mut equal);
            }
        }
    }
    equal
}

/// Whether the operand has no memory of its own: the kernel makes it in the size that it needs.
fn placeholder(value: Val<'_>) -> bool {
    defining_op(value).is_some_and(|op| role(op) == Role::Copied && op_name(op) == "arith.constant")
}

fn assert_equal<'c>(sink: Op<'c>, member: Op<'c>, here: Val<'c>, there: Val<'c>, equal: &mut Equal<'c>) {
    let (one, other) = (equal.of(there), equal.of(here));
    let known = (constant_integer(one), constant_integer(other));
    if one == other || matches!(known, (Some(a), Some(b)) if a == b) {
        return;
    }
    let at = Builder::before(sink);
    let ok = at.value("arith.cmpi", &[one, other], "i1", &[("predicate", "0 : i64")]);
    let message = format!("\"the sizes of the operands of {} do not fit each other\"", op_name(member));
    at.op("cf.assert", &[ok], &[], &[("msg", &message)]);
    match known {
        (_, Some(_)) => equal.join(other, one),
        _ => equal.join(one, other),
    }
}
