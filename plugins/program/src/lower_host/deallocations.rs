//! `bufferization.dealloc` and `bufferization.clone`, made plain.
//!
//! Upstream's own lowering compares pointers in arrays on the stack by a helper function; here each deallocation is
//! compared and branched on in place, and one that is certain is a `memref.dealloc` that later passes see through.

use ropt_mlir::{
    ir::{
        MemRef,
        edit::{
            Builder, Op, Val, defining_op, erase, op_name, operands, replace_uses, results, single_block, type_text,
        },
    },
    melior::ir::{Location, RegionLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use std::collections::HashSet;

use super::{copies::root, layout::pointer};
use crate::ops::{all_named, constant, functions, key, segments};

/// Lowers both ops in every function.
pub(crate) fn lower(module: Op<'_>) -> PassResult {
    for function in functions(module) {
        for op in all_named(function, "bufferization.dealloc") {
            lower_dealloc(op);
        }
        for op in all_named(function, "bufferization.clone") {
            lower_clone(op)?;
        }
    }
    Ok(())
}

/// Lowers the deallocations of buffers that are certainly apart, which upstream's simplification would compare in
/// pairs: a long function has one op with hundreds of them.
pub(crate) fn lower_certain(module: Op<'_>) {
    for function in functions(module) {
        for op in all_named(function, "bufferization.dealloc") {
            certain(op);
        }
    }
}

fn certain(op: Op<'_>) {
    let parts = segments(op);
    let [buffers, conditions, retained] = &parts[..] else { return };
    let roots: Vec<_> = buffers.iter().map(|buffer| root(*buffer)).collect();
    let kept: Vec<_> = retained.iter().map(|buffer| root(*buffer)).collect();
    let known = conditions.iter().all(|condition| constant(*condition).is_some());
    if !known || !roots.iter().chain(&kept).all(|root| is_fresh(*root)) {
        return;
    }
    let at = Builder::before(op);
    let held: HashSet<usize> = kept.iter().map(|root| key(*root)).collect();
    let mut owned: HashSet<usize> = HashSet::new();
    for ((buffer, root), condition) in buffers.iter().zip(&roots).zip(conditions) {
        let first = constant(*condition) != Some(0) && owned.insert(key(*root));
        if first && !held.contains(&key(*root)) {
            at.op("memref.dealloc", &[*buffer], &[], &[]);
        }
    }
    for (result, root) in results(op).into_iter().zip(&kept) {
        let value = if owned.contains(&key(*root)) { "true" } else { "false" };
        replace_uses(result, at.value("arith.constant", &[], "i1", &[("value", value)]));
    }
    erase(op);
}

/// Whether a buffer is an allocation or a call's result, which no other such value is.
pub(crate) fn is_fresh(value: Val<'_>) -> bool {
    defining_op(value).is_some_and(|op| matches!(op_name(op).as_str(), "memref.alloc" | "func.call"))
}

/// Frees each buffer whose condition holds, unless it is one that is retained or was freed by the same op; the
/// results say which of the retained buffers are owned from here on.
fn lower_dealloc(op: Op<'_>) {
    let parts = segments(op);
    let [buffers, conditions, retained] = &parts[..] else { return };
    let at = Builder::before(op);
    let mut owned: Vec<Option<Val<'_>>> = vec![None; retained.len()];
    let mut freed: Vec<(Val<'_>, Val<'_>)> = Vec::new();
    let alone = retained.is_empty() && buffers.len() == 1;
    for (buffer, condition) in buffers.iter().zip(conditions) {
        if constant(*condition) == Some(0) {
            continue;
        }
        let certain = constant(*condition).is_some();
        if alone && certain {
            at.op("memref.dealloc", &[*buffer], &[], &[]);
            continue;
        }
        let own = pointer(&at, *buffer);
        let mut free = *condition;
        for (kept, owned) in retained.iter().zip(&mut owned) {
            let equal = compare(&at, "0", own, pointer(&at, *kept));
            let takes = at.value("arith.andi", &[*condition, equal], "i1", &[]);
            *owned = Some(owned.map_or(takes, |before| at.value("arith.ori", &[before, takes], "i1", &[])));
            free = and_not(&at, free, equal);
        }
        for (other, done) in &freed {
            let twice = at.value("arith.andi", &[compare(&at, "0", own, *other), *done], "i1", &[]);
            free = and_not(&at, free, twice);
        }
        let region = single_block(&[], op.location());
        if let Some(block) = region.first_block() {
            let inside = Builder::at_end(block, op.location());
            inside.op("memref.dealloc", &[*buffer], &[], &[]);
            inside.op("scf.yield", &[], &[], &[]);
        }
        at.op_with_regions("scf.if", &[free], &[], &[], vec![region, ropt_mlir::melior::ir::Region::new()]);
        freed.push((own, free));
    }
    for (result, owned) in results(op).into_iter().zip(owned) {
        let owned = owned.unwrap_or_else(|| at.value("arith.constant", &[], "i1", &[("value", "false")]));
        replace_uses(result, owned);
    }
    erase(op);
}

/// `arith.cmpi` of two index values.
fn compare<'c>(at: &Builder<'c>, predicate: &str, left: Val<'c>, right: Val<'c>) -> Val<'c> {
    at.value("arith.cmpi", &[left, right], "i1", &[("predicate", &format!("{predicate} : i64"))])
}

fn and_not<'c>(at: &Builder<'c>, value: Val<'c>, not: Val<'c>) -> Val<'c> {
    let one = at.value("arith.constant", &[], "i1", &[("value", "true")]);
    let inverse = at.value("arith.xori", &[not, one], "i1", &[]);
    at.value("arith.andi", &[value, inverse], "i1", &[])
}

/// A clone is a new buffer and a copy.
fn lower_clone(op: Op<'_>) -> PassResult {
    let at = Builder::before(op);
    let result = results(op)[0];
    let mut copy = copy_of(&at, operands(op)[0], op.location())?;
    if copy.r#type() != result.r#type() {
        copy = at.value("memref.cast", &[copy], &type_text(result.r#type()), &[]);
    }
    replace_uses(result, copy);
    erase(op);
    Ok(())
}

/// A new buffer with the content of another one.
pub(crate) fn copy_of<'c>(at: &Builder<'c>, source: Val<'c>, location: Location<'c>) -> PassResult<Val<'c>> {
    let Some(memref) = MemRef::of_value(source).filter(|memref| memref.identity) else {
        return Err(PassError::internal(format!("cannot copy a buffer of type {}", source.r#type())).at(location));
    };
    let dynamic: Vec<_> = (0..memref.rank())
        .filter(|axis| memref.shape[*axis].is_none())
        .map(|axis| at.value("memref.dim", &[source, at.index(axis as i64)], "index", &[]))
        .collect();
    let segments = format!("array<i32: {}, 0>", dynamic.len());
    let ty = type_text(source.r#type());
    let copy = at.value("memref.alloc", &dynamic, &ty, &[("operandSegmentSizes", &segments)]);
    at.op("memref.copy", &[source, copy], &[], &[]);
    Ok(copy)
}
