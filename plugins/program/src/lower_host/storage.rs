//! Buffers of known size that live and die in one block share one allocation, planned by their lifetimes.

use ropt_mlir::{
    ir::{
        MemRef,
        edit::{Builder, Op, Val, erase, op_name, operands, replace_uses, results, type_text, users},
    },
    melior::ir::{BlockRef, ValueLike},
};
use ropt_plugin::prelude::*;

use crate::ops::{blocks, functions, ops_of};

/// The runtime's alignment of allocations, kept for each buffer within one.
const ALIGNMENT: i64 = 64;

/// A buffer in the plan. Lifetimes are places in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    bytes: i64,
    first: usize,
    last: usize,
}

/// Plans every block of every function; how many buffers moved into shared storage.
pub(crate) fn share(module: Op<'_>) -> PassResult<u64> {
    let mut moved = 0;
    for function in functions(module) {
        // Collected first: planning a block erases ops.
        let mut all = blocks(function);
        all.extend(ropt_mlir::ir::edit::nested(function).into_iter().flat_map(blocks));
        moved += all.into_iter().map(share_in).sum::<u64>();
    }
    Ok(moved)
}

fn share_in(block: BlockRef<'_, '_>) -> u64 {
    // SAFETY: the block lives as long as the IR; see ropt_mlir::ir::edit.
    let block = unsafe { BlockRef::from_raw(ropt_mlir::melior::ir::BlockLike::to_raw(&block)) };
    let ops = ops_of(block);
    let mut found: Vec<(Op<'_>, Op<'_>, Slot)> = Vec::new();
    for (first, alloc) in ops.iter().enumerate().filter(|(_, op)| op_name(**op) == "memref.alloc") {
        let value = results(*alloc)[0];
        let mut frees = users(value).into_iter().filter(|user| op_name(*user) == "memref.dealloc");
        let (Some(free), None) = (frees.next(), frees.next()) else { continue };
        let Some(last) = ops.iter().position(|op| *op == free) else { continue };
        let Some(bytes) = bytes_of(value) else { continue };
        found.push((*alloc, free, Slot { bytes, first, last }));
    }
    if found.len() < 2 {
        return 0;
    }
    let slots: Vec<Slot> = found.iter().map(|(_, _, slot)| *slot).collect();
    let (offsets, total) = plan(&slots);
    let at = Builder::before(found[0].0);
    let end = found.iter().max_by_key(|(_, _, slot)| slot.last).map_or(found[0].1, |(_, free, _)| *free);
    let arena = at.value(
        "memref.alloc",
        &[],
        &format!("memref<{total}xi8>"),
        &[("alignment", &format!("{ALIGNMENT} : i64")), ("operandSegmentSizes", "array<i32: 0, 0>")],
    );
    Builder::before(end).op("memref.dealloc", &[arena], &[], &[]);
    for ((alloc, free, _), offset) in found.iter().zip(offsets) {
        let old: Val<'_> = results(*alloc)[0];
        let here = Builder::before(*alloc);
        let view = here.value("memref.view", &[arena, here.index(offset)], &type_text(old.r#type()), &[]);
        debug_assert!(operands(*free).len() == 1);
        erase(*free);
        replace_uses(old, view);
        erase(*alloc);
    }
    found.len() as u64
}

/// Bytes of an allocation of known size.
fn bytes_of(value: Val<'_>) -> Option<i64> {
    let memref = MemRef::of_value(value).filter(|memref| memref.identity)?;
    let bytes = memref.count()?.checked_mul(memref.element_bytes()?)?;
    Some(bytes.checked_add(ALIGNMENT - 1)? / ALIGNMENT * ALIGNMENT)
}

/// An offset for each slot so that none overlaps another that lives at the same time, and the bytes of all: the
/// largest first, each at the lowest place that is free during its life.
fn plan(slots: &[Slot]) -> (Vec<i64>, i64) {
    let mut order: Vec<usize> = (0..slots.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(slots[*index].bytes), *index));
    let mut offsets = vec![0; slots.len()];
    let mut placed: Vec<usize> = Vec::new(); // by offset
    let mut total = 0;
    for index in order {
        let slot = slots[index];
        let mut offset = 0;
        for other in placed.iter().copied() {
            let meets = slots[other].first <= slot.last && slot.first <= slots[other].last;
            if !meets {
                continue;
            }
            if offset + slot.bytes <= offsets[other] {
                break;
            }
            offset = offset.max(offsets[other] + slots[other].bytes);
        }
        offsets[index] = offset;
        total = total.max(offset + slot.bytes);
        let place = placed.partition_point(|other| offsets[*other] <= offset);
        placed.insert(place, index);
    }
    (offsets, total)
}

#[cfg(test)]
mod tests {
    use super::{Slot, plan};

    fn slot(bytes: i64, first: usize, last: usize) -> Slot {
        Slot { bytes, first, last }
    }

    #[test]
    fn a_chain_needs_two_places() {
        let chain = [slot(64, 0, 3), slot(64, 2, 5), slot(64, 4, 7), slot(64, 6, 9)];
        assert_eq!(plan(&chain), (vec![0, 64, 0, 64], 128));
    }

    #[test]
    fn small_ones_fill_gaps() {
        let slots = [slot(256, 0, 2), slot(64, 1, 5), slot(128, 3, 5), slot(64, 4, 9)];
        let (offsets, total) = plan(&slots);
        assert_eq!(total, 320);
        for a in 0..slots.len() {
            for b in 0..a {
                let lives = slots[a].first <= slots[b].last && slots[b].first <= slots[a].last;
                let apart = offsets[a] + slots[a].bytes <= offsets[b] || offsets[b] + slots[b].bytes <= offsets[a];
                assert!(!lives || apart, "{a} and {b} overlap");
            }
        }
    }

    #[test]
    fn empty_buffers_take_nothing() {
        assert_eq!(plan(&[slot(0, 0, 5), slot(64, 1, 2)]).1, 64);
    }
}
