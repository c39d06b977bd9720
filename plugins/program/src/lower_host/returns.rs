//! Every result is a buffer of its own: a caller releases each of them.
//!
//! Upstream's deallocation makes a function own what it returns, but the same buffer may stand twice in a return. The
//! second one becomes a copy, at run time only when that is where the question is decided.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, operands, set_operand, single_block, type_text},
    melior::ir::{RegionLike, TypeLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::{
    copies::root,
    deallocations::{copy_of, is_fresh},
    layout::pointer,
};
use crate::ops::{all_named, functions};

/// How two buffers relate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Same,
    Apart,
    Unknown,
}

/// Copies results that are another result's buffer.
pub(crate) fn separate(module: Op<'_>) -> PassResult {
    for function in functions(module) {
        for end in all_named(function, "func.return") {
            let results = operands(end);
            for (index, result) in results.iter().enumerate().filter(|(_, value)| value.r#type().is_mem_ref()) {
                let before = results[..index].iter().copied().filter(|value| value.r#type().is_mem_ref());
                if let Some(own) = own(end, *result, before)? {
                    set_operand(end, index, own);
                }
            }
        }
    }
    Ok(())
}

/// A buffer for `result` that is none of `others`; nothing when it is one already.
fn own<'c>(end: Op<'c>, result: Val<'c>, others: impl Iterator<Item = Val<'c>>) -> PassResult<Option<Val<'c>>> {
    let at = Builder::before(end);
    let mut shared: Option<Val<'c>> = None;
    for other in others {
        match relation(result, other) {
            Relation::Apart => {}
            Relation::Same => return copy_of(&at, result, end.location()).map(Some),
            Relation::Unknown => {
                let (left, right) = (pointer(&at, result), pointer(&at, other));
                let equal = at.value("arith.cmpi", &[left, right], "i1", &[("predicate", "0 : i64")]);
                shared = Some(shared.map_or(equal, |before| at.value("arith.ori", &[before, equal], "i1", &[])));
            }
        }
    }
    let Some(shared) = shared else { return Ok(None) };
    let (copies, keeps) = (single_block(&[], end.location()), single_block(&[], end.location()));
    if let (Some(copies), Some(keeps)) = (copies.first_block(), keeps.first_block()) {
        let inside = Builder::at_end(copies, end.location());
        let copy = copy_of(&inside, result, end.location())?;
        inside.op("scf.yield", &[copy], &[], &[]);
        Builder::at_end(keeps, end.location()).op("scf.yield", &[result], &[], &[]);
    }
    let ty = at.ty(&type_text(result.r#type()));
    let chosen = at.op_with_regions("scf.if", &[shared], &[ty], &[], vec![copies, keeps]);
    Ok(ropt_mlir::ir::edit::results(chosen).first().copied())
}

fn relation(a: Val<'_>, b: Val<'_>) -> Relation {
    let (a, b) = (root(a), root(b));
    if a.to_raw().ptr == b.to_raw().ptr {
        Relation::Same
    } else if is_fresh(a) && is_fresh(b) {
        Relation::Apart
    } else {
        Relation::Unknown
    }
}
