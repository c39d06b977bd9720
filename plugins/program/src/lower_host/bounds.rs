//! Checks of what host code reads, writes and slices: a program that is given a wrong index fails, it does not crash.

use ropt_mlir::{
    ir::{
        MemRef,
        edit::{Builder, Op, Val, nested, op_name, operands, results},
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

use super::failures::Failures;
use crate::ops::{constant, functions, i64_array, segments};

/// `arith.cmpi` predicates.
const EQ: i64 = 0;
const SLE: i64 = 3;
const SGE: i64 = 5;
const ULT: i64 = 6;

/// Puts checks before element accesses, slices and casts whose numbers are only known when the program runs.
pub(crate) fn check(module: Op<'_>) -> PassResult {
    let failures = Failures::new(module);
    for function in functions(module) {
        for op in nested(function) {
            let all = operands(op);
            let at = Builder::before(op);
            let (conditions, what) = match op_name(op).as_str() {
                "memref.load" => (inside(&at, all[0], &all[1..]), "an index is out of bounds"),
                "memref.store" => (inside(&at, all[1], &all[2..]), "an index is out of bounds"),
                "memref.subview" => (slice(&at, op), "a slice is out of bounds"),
                "memref.cast" => (cast(&at, all[0], results(op)[0]), "a tensor has not the size that it is cast to"),
                _ => continue,
            };
            if let Some((first, rest)) = conditions.split_first() {
                let mut holds = *first;
                for condition in rest {
                    holds = at.value("arith.andi", &[holds, *condition], "i1", &[]);
                }
                failures.unless(&at, holds, &format!("{what}{}", place(op)));
            }
        }
    }
    Ok(())
}

/// Where the op was written, when that is known: ` at file:line:column`.
pub(crate) fn place(op: Op<'_>) -> String {
    let text = op.location().to_string();
    let inner = text.strip_prefix("loc(\"").and_then(|rest| rest.strip_suffix(')')?.split_once('"'));
    match inner {
        Some((file, position)) if position.starts_with(':') && !position.contains('(') => {
            format!(" at {file}{position}")
        }
        _ => String::new(),
    }
}

/// Each index is in its dimension.
fn inside<'c>(at: &Builder<'c>, buffer: Val<'c>, indices: &[Val<'c>]) -> Vec<Val<'c>> {
    let Some(memref) = MemRef::of_value(buffer) else { return Vec::new() };
    let mut conditions = Vec::new();
    for (axis, (index, size)) in indices.iter().zip(&memref.shape).enumerate() {
        if let (Some(index), Some(size)) = (constant(*index), size)
            && (0..*size).contains(&index)
        {
            continue;
        }
        conditions.push(compare(at, ULT, *index, dimension(at, buffer, &memref, axis)));
    }
    conditions
}

/// Each dimension of a slice ends in its source.
fn slice<'c>(at: &Builder<'c>, op: Op<'c>) -> Vec<Val<'c>> {
    let parts = segments(op);
    let [source, offsets, sizes, strides] = &parts[..] else { return Vec::new() };
    let Some(memref) = MemRef::of_value(source[0]) else { return Vec::new() };
    let offsets = numbers(at, op, "static_offsets", offsets);
    let sizes = numbers(at, op, "static_sizes", sizes);
    let strides = numbers(at, op, "static_strides", strides);
    let mut conditions = Vec::new();
    for axis in 0..memref.rank() {
        let (offset, size, stride) = (offsets[axis], sizes[axis], strides[axis]);
        let all = (constant(offset), constant(size), constant(stride), memref.shape[axis]);
        if let (Some(offset), Some(size), Some(stride), Some(whole)) = all
            && offset >= 0
            && size >= 0
            && (size == 0 || offset + (size - 1) * stride < whole)
        {
            continue;
        }
        let zero = at.index(0);
        let steps = at.value("arith.subi", &[size, at.index(1)], "index", &[]);
        let last = at.value("arith.muli", &[steps, stride], "index", &[]);
        let end = at.value("arith.addi", &[offset, last], "index", &[]);
        let end = at.value("arith.addi", &[end, at.index(1)], "index", &[]);
        let whole = dimension(at, source[0], &memref, axis);
        conditions.push(compare(at, SGE, offset, zero));
        conditions.push(compare(at, SLE, offset, whole));
        conditions.push(compare(at, SGE, size, zero));
        conditions.push(compare(at, SLE, size, whole));
        let fits = compare(at, SLE, end, whole);
        let empty = compare(at, EQ, size, zero);
        conditions.push(at.value("arith.ori", &[fits, empty], "i1", &[]));
    }
    conditions
}

/// Sizes that become known are the ones there are.
fn cast<'c>(at: &Builder<'c>, source: Val<'c>, result: Val<'c>) -> Vec<Val<'c>> {
    let (Some(from), Some(to)) = (MemRef::of_value(source), MemRef::of_value(result)) else { return Vec::new() };
    let axes = (0..from.rank()).filter(|axis| from.shape[*axis].is_none());
    axes.filter_map(|axis| Some(compare(at, EQ, dimension(at, source, &from, axis), at.index(to.shape[axis]?))))
        .collect()
}

/// Numbers of which some are in an attribute and the others, marked there, operands.
fn numbers<'c>(at: &Builder<'c>, op: Op<'c>, name: &str, values: &[Val<'c>]) -> Vec<Val<'c>> {
    let mut dynamic = values.iter();
    let number = |known: i64| match known {
        i64::MIN => dynamic.next().copied().unwrap_or_else(|| at.index(0)),
        known => at.index(known),
    };
    i64_array(op, name).into_iter().map(number).collect()
}

fn dimension<'c>(at: &Builder<'c>, buffer: Val<'c>, memref: &MemRef<'c>, axis: usize) -> Val<'c> {
    match memref.shape[axis] {
        Some(size) => at.index(size),
        None => at.value("memref.dim", &[buffer, at.index(axis as i64)], "index", &[]),
    }
}

fn compare<'c>(at: &Builder<'c>, predicate: i64, left: Val<'c>, right: Val<'c>) -> Val<'c> {
    at.value("arith.cmpi", &[left, right], "i1", &[("predicate", &format!("{predicate} : i64"))])
}
