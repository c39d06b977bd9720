//! Reshapes by a shape tensor: the same memory with the sizes that the tensor holds when the program runs.
//!
//! ```mlir
//! %b = memref.reshape %a(%shape) : (memref<?xf32>, memref<2xi32>) -> memref<?x?xf32>
//! // becomes, with a check that both have as many elements
//! %b = memref.reinterpret_cast %a to offset: [0], sizes: [%m, %n], strides: [%n, 1] : memref<?xf32> to memref<?x?xf32>
//! ```

use ropt_mlir::{
    ir::{
        MemRef,
        attributes::i64_array_text,
        edit::{Builder, Op, Val, erase, operands, replace_uses, results, type_text},
    },
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::{
    bounds::place,
    failures::Failures,
    layout::{product, sizes as sizes_of},
};
use crate::ops::{all_named, functions};

/// `arith.cmpi` predicates.
const EQ: i64 = 0;
const SGE: i64 = 5;

/// Lowers every reshape; upstream's bufferization has made sure that the source lies without gaps.
pub(crate) fn lower(module: Op<'_>) -> PassResult {
    let failures = Failures::new(module);
    for function in functions(module) {
        for reshape in all_named(function, "memref.reshape") {
            lower_one(&failures, reshape)?;
        }
    }
    Ok(())
}

fn lower_one<'c>(failures: &Failures<'c>, op: Op<'c>) -> PassResult {
    let [source, shape] = operands(op)[..] else { return Ok(()) };
    let result = results(op)[0];
    let refuse = || {
        PassError::new(format!("a reshape of {} to {} is not supported", source.r#type(), result.r#type()))
            .at(op.location())
            .help("give both a rank, and the shape as many numbers as the result has dimensions")
    };
    let (Some(from), Some(to), Some(numbers)) =
        (MemRef::of_value(source), MemRef::of_value(result), MemRef::of_value(shape))
    else {
        return Err(refuse());
    };
    if !from.identity || !to.identity || numbers.shape != [Some(to.rank() as i64)] {
        return Err(refuse());
    }
    let at = Builder::before(op);
    let element = numbers.element.to_string();
    let wanted: Vec<Val<'c>> = (0..to.rank())
        .map(|axis| {
            let size = at.value("memref.load", &[shape, at.index(axis as i64)], &element, &[]);
            if element == "index" { size } else { at.value("arith.index_cast", &[size], "index", &[]) }
        })
        .collect();
    let count = product(&at, &sizes_of(&at, source, &from));
    let fits = same_count(&at, count, &wanted, &to);
    let message = format!("the sizes of a reshape do not hold as many elements as its tensor has{}", place(op));
    failures.unless(&at, fits, &message);

    // Sizes that the type knows are taken from there: they are what the check compares with.
    let size = |axis: usize| to.shape[axis].map_or_else(|| wanted[axis], |known| at.index(known));
    let sizes: Vec<Val<'c>> = (0..to.rank()).map(size).collect();
    let stride = |axis: usize| match to.strides[axis] {
        Some(known) => at.index(known),
        None => product(&at, &sizes[axis + 1..]),
    };
    let strides: Vec<Val<'c>> = (0..to.rank()).map(stride).collect();
    let open = |values: &[Val<'c>], known: &[Option<i64>]| {
        values.iter().zip(known).filter(|(_, known)| known.is_none()).map(|(value, _)| *value).collect::<Vec<_>>()
    };
    let (open_sizes, open_strides) = (open(&sizes, &to.shape), open(&strides, &to.strides));
    let text = |known: &[Option<i64>]| i64_array_text(&known.iter().map(|n| n.unwrap_or(i64::MIN)).collect::<Vec<_>>());
    let segments = format!("array<i32: 1, 0, {}, {}>", open_sizes.len(), open_strides.len());
    let new = at.value(
        "memref.reinterpret_cast",
        &[vec![source], open_sizes, open_strides].concat(),
        &type_text(result.r#type()),
        &[
            ("static_offsets", "array<i64: 0>"),
            ("static_sizes", &text(&to.shape)),
            ("static_strides", &text(&to.strides)),
            ("operandSegmentSizes", &segments),
        ],
    );
    replace_uses(result, new);
    erase(op);
    Ok(())
}

/// Whether the sizes hold `count` elements. They may be anything, so their product may overflow: the count is divided
/// by one after the other instead, and 1 must be left; one of them must be 0 when there are no elements, and only then.
fn same_count<'c>(at: &Builder<'c>, count: Val<'c>, sizes: &[Val<'c>], to: &MemRef<'c>) -> Val<'c> {
    let compare = |predicate: i64, left: Val<'c>, right: Val<'c>| {
        at.value("arith.cmpi", &[left, right], "i1", &[("predicate", &format!("{predicate} : i64"))])
    };
    let and = |left: Val<'c>, right: Val<'c>| at.value("arith.andi", &[left, right], "i1", &[]);
    let (zero, one) = (at.index(0), at.index(1));
    let mut valid = at.value("arith.constant", &[], "i1", &[("value", "true")]);
    let mut divides = valid;
    let mut some_zero = at.value("arith.constant", &[], "i1", &[("value", "false")]);
    let mut left = count;
    for (size, known) in sizes.iter().zip(&to.shape) {
        valid = and(valid, compare(SGE, *size, zero));
        if let Some(known) = known {
            valid = and(valid, compare(EQ, *size, at.index(*known)));
        }
        some_zero = at.value("arith.ori", &[some_zero, compare(EQ, *size, zero)], "i1", &[]);
        let divisor = at.value("arith.maxsi", &[*size, one], "index", &[]);
        divides = and(divides, compare(EQ, at.value("arith.remsi", &[left, divisor], "index", &[]), zero));
        left = at.value("arith.divsi", &[left, divisor], "index", &[]);
    }
    let empty = compare(EQ, count, zero);
    let divides = at.value("arith.ori", &[empty, and(divides, compare(EQ, left, one))], "i1", &[]);
    let same = at.value("arith.cmpi", &[empty, some_zero], "i1", &[("predicate", "0 : i64")]);
    and(valid, and(divides, same))
}
