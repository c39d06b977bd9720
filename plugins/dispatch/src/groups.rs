//! Which ops of a block become one dispatch.
//!
//! A group has one sink: the op whose results leave it. Every other member is used by members only. So a group can
//! always stand where its sink stood, and no two groups depend on each other in a circle.

use ropt_mlir::{
    ir::{
        edit::{Op, Val, op_name, operands, results, users},
        nesting::{ancestor_in, ops_of},
    },
    melior::ir::{BlockRef, operation::OperationLike},
};
use std::collections::HashMap;

use crate::{
    role::{Role, role},
    rows,
    space::{Space, Weight},
    values::{is_tensor, op_key},
};

/// Ops that become one dispatch.
#[derive(Clone, Debug)]
pub(crate) struct Group<'c> {
    /// The members in the order of the program; the last one is the sink.
    pub(crate) members: Vec<Op<'c>>,
}

impl<'c> Group<'c> {
    /// The op whose results leave the group.
    pub(crate) fn sink(&self) -> Op<'c> {
        self.members[self.members.len() - 1]
    }

    /// The results that leave the group: all of the sink's, but for scalars that nobody uses.
    pub(crate) fn results(&self) -> Vec<Val<'c>> {
        results(self.sink()).into_iter().filter(|result| is_tensor(*result) || !users(*result).is_empty()).collect()
    }
}

/// The groups of one block, by their sinks.
#[derive(Debug, Default)]
pub(crate) struct Groups<'c> {
    by_sink: HashMap<usize, Group<'c>>,
    /// Every member of every group.
    taken: HashMap<usize, Op<'c>>,
}

impl<'c> Groups<'c> {
    /// Forms the groups of a block.
    pub(crate) fn of(block: BlockRef<'c, 'c>) -> Self {
        let ops = ops_of(block);
        let place: HashMap<usize, usize> = ops.iter().enumerate().map(|(index, op)| (op_key(*op), index)).collect();
        let mut groups = Self::default();
        for op in ops.iter().copied().filter(|op| role(*op) == Role::Work) {
            if Space::of(op).is_some_and(|space| space.weight == Weight::Heavy) {
                groups.insert(with_tail(op, block, &groups), &place);
            }
        }
        for op in ops.iter().rev().copied() {
            if groups.is_taken(op) {
                continue;
            }
            match role(op) {
                Role::Work => groups.insert(rows::grow(op, block, &groups), &place),
                Role::Copied if leaves_value(op, block) => groups.insert(vec![op], &place),
                Role::Copied | Role::Host => {}
            }
        }
        groups
    }

    /// Whether the op is a member of some group.
    pub(crate) fn is_taken(&self, op: Op<'c>) -> bool {
        self.taken.contains_key(&op_key(op))
    }

    /// The group with that sink.
    pub(crate) fn of_sink(&self, op: Op<'c>) -> Option<&Group<'c>> {
        self.by_sink.get(&op_key(op))
    }

    fn insert(&mut self, mut members: Vec<Op<'c>>, place: &HashMap<usize, usize>) {
        members.sort_by_key(|op| place.get(&op_key(*op)).copied());
        self.taken.extend(members.iter().map(|op| (op_key(*op), *op)));
        if let Some(sink) = members.last() {
            self.by_sink.insert(op_key(*sink), Group { members });
        }
    }
}

/// Whether the host needs the value of an op that kernels would have copies of.
fn leaves_value<'c>(op: Op<'c>, block: BlockRef<'c, 'c>) -> bool {
    let name = op_name(op);
    if matches!(name.as_str(), "tensor.empty" | "arith.constant") {
        return false;
    }
    results(op).into_iter().flat_map(users).any(|user| {
        let direct = ancestor_in(block, user).unwrap_or(user);
        let user = if role(direct) == Role::Host { user } else { direct };
        match role(user) {
            Role::Work => false,
            // Only the source of a slice or the shape of a fill is meant.
            Role::Copied => op_name(user) == "tensor.extract_slice" && leaves_value(user, block),
            Role::Host => true,
        }
    })
}

/// A heavy op and the elementwise ops that its result goes through.
fn with_tail<'c>(root: Op<'c>, block: BlockRef<'c, 'c>, groups: &Groups<'c>) -> Vec<Op<'c>> {
    let mut members = vec![root];
    let mut last = root;
    while let Some(next) = tail_of(last, block) {
        if groups.is_taken(next) {
            break;
        }
        members.push(next);
        last = next;
    }
    members
}

/// The elementwise op that alone uses the op's only result, element by element.
fn tail_of<'c>(op: Op<'c>, block: BlockRef<'c, 'c>) -> Option<Op<'c>> {
    let [result] = results(op)[..] else { return None };
    let users = users(result);
    let next = *users.first()?;
    if next.block() != Some(block) || users.iter().any(|user| *user != next) || role(next) != Role::Work {
        return None;
    }
    let space = Space::of(next)?;
    let inputs = space.operands.len() - space.inits;
    let uses: Vec<usize> = (0..operands(next).len()).filter(|index| operands(next)[*index] == result).collect();
    // A use inside of the body reads arbitrary elements.
    let all = uses.len() == users.len() && uses.iter().all(|index| *index < inputs && space.is_identity(*index));
    (space.weight == Weight::Elementwise && all).then_some(next)
}
