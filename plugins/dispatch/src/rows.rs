//! Chains over the same rows: softmax, normalisation and the like as one dispatch.
//!
//! A group grows from its sink towards producers. Every member gets a map from its loops to the rows of the sink, that
//! is to the sink's parallel loops. As long as some row is common to all members, a workgroup can do its rows on its
//! own, and no element is computed twice.

use ropt_mlir::{
    ir::edit::{Op, defining_op, operands, results, users},
    melior::ir::{BlockRef, operation::OperationLike},
};
use std::collections::{BTreeSet, HashMap};

use crate::{
    groups::Groups,
    role::{Role, role},
    space::{Space, Weight},
};

/// More members than any known chain has; it only bounds the search.
const MOST_MEMBERS: usize = 24;

/// For each loop of a member the row of the sink that it runs over.
type RowMap = Vec<Option<usize>>;

struct Member<'c> {
    op: Op<'c>,
    space: Space,
    rows: RowMap,
}

/// The sink and the producers that are done with it.
pub(crate) fn grow<'c>(sink: Op<'c>, block: BlockRef<'c, 'c>, groups: &Groups<'c>) -> Vec<Op<'c>> {
    let Some(space) = Space::of(sink) else { return vec![sink] };
    let rows: RowMap = space.loops.iter().enumerate().map(|(index, each)| each.parallel.then_some(index)).collect();
    let mut live: BTreeSet<usize> = rows.iter().flatten().copied().collect();
    let mut members = vec![Member { op: sink, space, rows }];
    let mut index = 0;
    let mut waiting: Vec<Op<'c>> = Vec::new();
    while index < members.len() {
        waiting.extend(operands(members[index].op).into_iter().filter_map(defining_op));
        index += 1;
        // A producer that was refused because of another user may do once that user is a member.
        let mut grown = true;
        while grown && members.len() < MOST_MEMBERS {
            grown = false;
            for producer in std::mem::take(&mut waiting) {
                if members.iter().any(|member| member.op == producer) {
                    continue;
                }
                match candidate(producer, block, groups, &members, &live) {
                    Some((member, left)) => {
                        live = left;
                        members.push(member);
                        grown = true;
                    }
                    None => waiting.push(producer),
                }
            }
        }
    }
    members.into_iter().map(|member| member.op).collect()
}

/// The producer as a member and the rows that are left with it; `None` when it does not fit.
fn candidate<'c>(
    op: Op<'c>,
    block: BlockRef<'c, 'c>,
    groups: &Groups<'c>,
    members: &[Member<'c>],
    live: &BTreeSet<usize>,
) -> Option<(Member<'c>, BTreeSet<usize>)> {
    if op.block() != Some(block) || role(op) != Role::Work || groups.is_taken(op) {
        return None;
    }
    let space = Space::of(op).filter(|space| space.weight != Weight::Heavy)?;
    let rows = rows_of(op, &space, members)?;
    let found: BTreeSet<usize> = rows.iter().flatten().copied().collect();
    let left: BTreeSet<usize> = live.intersection(&found).copied().collect();
    let kept = left == *live;
    let row_wise = !left.is_empty() && (sums_up_inner(op, &space) || ends_in_reduction(op, block, groups, 4));
    (kept || row_wise).then_some((Member { op, space, rows }, left))
}

/// The rows that the op's loops run over, when all uses of its results are by members and agree.
fn rows_of<'c>(op: Op<'c>, space: &Space, members: &[Member<'c>]) -> Option<RowMap> {
    let mut agreed: HashMap<usize, Option<usize>> = HashMap::new();
    for (number, result) in results(op).into_iter().enumerate() {
        let out = space.result(number);
        for user in users(result) {
            let member = members.iter().find(|member| member.op == user)?;
            let given = operands(user);
            let uses: Vec<usize> = (0..given.len()).filter(|index| given[*index] == result).collect();
            for operand in uses {
                let access = &member.space.operands[operand];
                if !access.is_sorted() {
                    // Rows that are stored as columns would be written with long strides.
                    return None;
                }
                for (own, other) in out.iter().zip(access) {
                    let (own, other) = ((*own)?, (*other)?);
                    let row = member.rows[other].filter(|_| space.loops[own].parallel);
                    let known = agreed.entry(own).or_insert(row);
                    if *known != row {
                        *known = None;
                    }
                }
            }
        }
    }
    Some((0..space.loops.len()).map(|each| agreed.get(&each).copied().flatten()).collect())
}

/// Whether the op reduces along the dimension in which the elements of its inputs lie side by side.
fn sums_up_inner(op: Op<'_>, space: &Space) -> bool {
    let inputs = &space.operands[..space.operands.len() - space.inits];
    let inner =
        |access: &Vec<Option<usize>>| access.last().copied().flatten().is_some_and(|each| !space.loops[each].parallel);
    space.weight == Weight::Reduction && !results(op).is_empty() && inputs.iter().any(inner)
}

/// Whether an elementwise op only finishes what a reduction along rows began, such as a mean or a deviation.
fn ends_in_reduction<'c>(op: Op<'c>, block: BlockRef<'c, 'c>, groups: &Groups<'c>, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    let fits = |op: &Op<'c>| op.block() == Some(block) && role(*op) == Role::Work && !groups.is_taken(*op);
    operands(op).into_iter().filter_map(defining_op).filter(fits).any(|producer| {
        Space::of(producer).is_some_and(|space| match space.weight {
            Weight::Reduction => sums_up_inner(producer, &space),
            Weight::Elementwise => ends_in_reduction(producer, block, groups, depth - 1),
            Weight::Heavy => false,
        })
    })
}
