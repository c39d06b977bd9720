//! No kernel touches a binding that is shorter than what it takes of it: it returns at once and says which.

use ropt_abi::kernel::SHORT_BINDING;
use ropt_mlir::{
    ir::{
        MemRef,
        edit::{Builder, Op, Val, defining_op, move_before, move_to_end, op_name, operands, pin_value, results},
        nesting::{ops_of, parent},
    },
    melior::ir::{Block, BlockLike, BlockRef, RegionLike, ValueLike, operation::OperationLike},
};

use super::{BINDING_LENGTHS, load};
use crate::ops::segments;

/// The checks of a kernel's bindings, in its first block.
#[derive(Default)]
pub(super) struct Checks<'c> {
    /// 0, or the code of the last binding that is too short.
    code: Option<Val<'c>>,
}

impl<'c> Checks<'c> {
    /// Checks that a subspan ends inside of its binding. The subspan is in the kernel's first block.
    pub(super) fn add(&mut self, subspan: Op<'c>, binding: i64, dispatch: Val<'c>) {
        let at = Builder::before(subspan);
        let Some(end) = end(&at, subspan) else { return };
        let lengths = load(at, dispatch, BINDING_LENGTHS, "!llvm.ptr");
        let length = load(at, lengths, binding * 8, "i64");
        // Unsigned: more than any length is what an overflow gives.
        let short = at.value("arith.cmpi", &[end, length], "i1", &[("predicate", "8 : i64")]);
        let number = |value: i64| at.value("arith.constant", &[], "i32", &[("value", &format!("{value} : i32"))]);
        let before = self.code.unwrap_or_else(|| number(0));
        let own = number(i64::from(SHORT_BINDING) + binding);
        self.code = Some(at.value("arith.select", &[short, own, before], "i32", &[]));
    }

    /// Makes the kernel return the code when it is not 0, and else 0 at its end.
    pub(super) fn finish(self, block: BlockRef<'c, 'c>) {
        let Some(end) = ops_of(block).pop() else { return };
        let at = Builder::before(end);
        let zero = || at.value("arith.constant", &[], "i32", &[("value", "0 : i32")]);
        let (Some(code), Some(function)) = (self.code, parent(end)) else {
            at.op("func.return", &[zero()], &[], &[]);
            ropt_mlir::ir::edit::erase(end);
            return;
        };
        at.op("func.return", &[zero()], &[], &[]);
        ropt_mlir::ir::edit::erase(end);
        let location = function.location();
        let Ok(region) = function.region(0) else { return };
        let place = |block: Block<'c>| {
            let block = region.append_block(block);
            // SAFETY: the block lives as long as the function.
            unsafe { BlockRef::<'c, 'c>::from_raw(block.to_raw()) }
        };
        let (rest, early) = (place(Block::new(&[])), place(Block::new(&[])));
        let ops = ops_of(block);
        let last = defining_op(code);
        let first = ops.iter().position(|op| Some(*op) == last).map_or(ops.len(), |at| at + 1);
        for op in &ops[first..] {
            // LLVM takes allocations for variables only at a function's start.
            if op_name(*op) == "memref.alloca" && operands(*op).is_empty() {
                if let Some(start) = ops.first().filter(|start| *start != op) {
                    move_before(*op, *start);
                }
                continue;
            }
            move_to_end(*op, rest);
        }
        let at = Builder::at_end(block, location);
        let zero = at.value("arith.constant", &[], "i32", &[("value", "0 : i32")]);
        let fits = at.value("arith.cmpi", &[code, zero], "i1", &[("predicate", "0 : i64")]);
        at.branch(fits, rest, early);
        Builder::at_end(early, location).op("func.return", &[code], &[], &[]);
    }
}

/// The byte behind a subspan's last one, as i64; all ones when that is more than can be said. None when the strides are
/// only known at run time.
fn end<'c>(at: &Builder<'c>, subspan: Op<'c>) -> Option<Val<'c>> {
    let memref = MemRef::of(results(subspan)[0].r#type())?;
    let width = memref.element_bytes()?;
    let parts = segments(subspan);
    let offset = parts.first().and_then(|part| part.first()).copied();
    let mut dynamic = parts.get(1).cloned().unwrap_or_default().into_iter();
    let number = |value: i64| at.value("arith.constant", &[], "i64", &[("value", &format!("{value} : i64"))]);
    let wide = |value: Val<'c>| at.value("arith.index_cast", &[value], "i64", &[]);
    let known: i64 = memref.shape.iter().flatten().product();
    let bytes = if memref.is_contiguous() {
        let mut bytes = number(known.checked_mul(width)?);
        for _ in memref.shape.iter().filter(|size| size.is_none()) {
            bytes = saturating(at, "arith.mului_extended", bytes, wide(dynamic.next()?));
        }
        bytes
    } else {
        // With gaps: all sizes and strides must be known.
        let mut last = 0_i64;
        for (size, stride) in memref.shape.iter().zip(&memref.strides) {
            last += ((*size)? - 1).max(0) * (*stride)?;
        }
        number(if known == 0 { 0 } else { (last + 1) * width })
    };
    let inside = memref.offset.filter(|offset| *offset > 0).map(|offset| number(offset * width));
    let offsets = offset.map(wide).into_iter().chain(inside);
    Some(offsets.fold(bytes, |sum, offset| saturating(at, "arith.addui_extended", sum, offset)))
}

/// A sum or product of unsigned numbers; all ones when it overflows.
fn saturating<'c>(at: &Builder<'c>, name: &str, left: Val<'c>, right: Val<'c>) -> Val<'c> {
    let (low, over) = if name == "arith.addui_extended" {
        let both = results(at.op(name, &[left, right], &[at.ty("i64"), at.ty("i1")], &[]));
        (both[0], both[1])
    } else {
        let both = results(at.op(name, &[left, right], &[at.ty("i64"), at.ty("i64")], &[]));
        let zero = at.value("arith.constant", &[], "i64", &[("value", "0 : i64")]);
        (both[0], at.value("arith.cmpi", &[both[1], zero], "i1", &[("predicate", "1 : i64")]))
    };
    let most = at.value("arith.constant", &[], "i64", &[("value", "-1 : i64")]);
    pin_value(at.value("arith.select", &[over, most, low], "i64", &[]))
}
