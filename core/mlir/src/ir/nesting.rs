//! Where ops are: blocks, parents, and whether one op holds another.

use super::edit::{Op, pin};
use melior::ir::{BlockLike, BlockRef, RegionLike, operation::OperationLike};

/// The blocks of all the op's regions, in order.
pub fn blocks<'c>(op: Op<'c>) -> Vec<BlockRef<'c, 'c>> {
    let mut found = Vec::new();
    for region in op.regions() {
        let mut block = region.first_block();
        while let Some(current) = block {
            // SAFETY: the block lives as long as its op, which outlives the handle by the rule of `edit`.
            found.push(unsafe { BlockRef::from_raw(current.to_raw()) });
            block = current.next_in_region();
        }
    }
    found
}

/// The ops of one block, in order. Collected first, so the caller may erase or move them.
pub fn ops_of<'c>(block: BlockRef<'c, 'c>) -> Vec<Op<'c>> {
    let mut found = Vec::new();
    let mut next = block.first_operation();
    while let Some(op) = next {
        found.push(pin(op));
        next = op.next_in_block();
    }
    found
}

/// The op around this one.
pub fn parent<'c>(op: Op<'c>) -> Option<Op<'c>> {
    op.parent_operation().map(pin)
}

/// The op of `block` that is `op` or holds it.
pub fn ancestor_in<'c>(block: BlockRef<'c, 'c>, op: Op<'c>) -> Option<Op<'c>> {
    let mut current = Some(op);
    while let Some(op) = current {
        if op.block() == Some(block) {
            return Some(op);
        }
        current = parent(op);
    }
    None
}
