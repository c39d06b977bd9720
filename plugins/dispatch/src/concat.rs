//! `tensor.concat` as copies into one tensor, which the host makes without a kernel.

use ropt_mlir::{
    ir::{
        attributes::{i32_array_text, i64_array_text, integer},
        edit::{Builder, Op, Val, erase, operands, replace_uses, results, type_text},
    },
    melior::ir::ValueLike,
};

use crate::{program::constant, values::Tensor};

/// A size or offset: a number, or a value when it is known only at run time.
#[derive(Clone, Copy)]
enum Amount<'c> {
    Known(i64),
    Value(Val<'c>),
}

impl<'c> Amount<'c> {
    fn value(self, near: Op<'c>) -> Val<'c> {
        match self {
            Self::Known(known) => constant(near, known),
            Self::Value(value) => value,
        }
    }
}

/// Replaces a concatenation by insertions into an empty tensor.
pub(crate) fn split(op: Op<'_>) {
    let inputs = operands(op);
    let (Some(result), Some(axis)) = (results(op).first().copied(), integer(op, "dim")) else { return };
    let Some(whole) = Tensor::of(result.r#type()) else { return };
    let axis = axis as usize;
    let at = Builder::before(op);
    let sizes: Vec<Vec<Amount<'_>>> = inputs.iter().map(|input| amounts(at, op, *input)).collect();
    let add = |one, other| sum(at, op, one, other);
    let total = sizes.iter().map(|size| size[axis]).reduce(add);
    let dynamic = whole.dynamic().into_iter().filter_map(|dimension| {
        let amount = if dimension == axis { total } else { sizes.first().map(|size| size[dimension]) };
        amount.map(|amount| amount.value(op))
    });
    let dynamic: Vec<Val<'_>> = dynamic.collect();
    let mut tensor = results(at.op("tensor.empty", &dynamic, &[result.r#type()], &[]))[0];
    let mut offset = Amount::Known(0);
    for (input, sizes) in inputs.iter().zip(&sizes) {
        let offsets: Vec<_> =
            (0..sizes.len()).map(|each| if each == axis { offset } else { Amount::Known(0) }).collect();
        tensor = insert(at, *input, tensor, &offsets, sizes);
        offset = sum(at, op, offset, sizes[axis]);
    }
    replace_uses(result, tensor);
    erase(op);
}

fn amounts<'c>(at: Builder<'c>, op: Op<'c>, tensor: Val<'c>) -> Vec<Amount<'c>> {
    let sizes = Tensor::of(tensor.r#type()).map(|tensor| tensor.sizes).unwrap_or_default();
    let amount = |(dimension, size): (usize, &Option<i64>)| match size {
        Some(size) => Amount::Known(*size),
        None => {
            let number = constant(op, dimension as i64);
            Amount::Value(at.value("tensor.dim", &[tensor, number], "index", &[]))
        }
    };
    sizes.iter().enumerate().map(amount).collect()
}

fn sum<'c>(at: Builder<'c>, op: Op<'c>, one: Amount<'c>, other: Amount<'c>) -> Amount<'c> {
    match (one, other) {
        (Amount::Known(one), Amount::Known(other)) => Amount::Known(one + other),
        (Amount::Known(0), value) | (value, Amount::Known(0)) => value,
        (one, other) => Amount::Value(at.value("arith.addi", &[one.value(op), other.value(op)], "index", &[])),
    }
}

fn insert<'c>(
    at: Builder<'c>,
    source: Val<'c>,
    into: Val<'c>,
    offsets: &[Amount<'c>],
    sizes: &[Amount<'c>],
) -> Val<'c> {
    let known = |list: &[Amount<'c>]| {
        let number = |amount: &Amount<'c>| match amount {
            Amount::Known(known) => *known,
            Amount::Value(_) => i64::MIN,
        };
        i64_array_text(&list.iter().map(number).collect::<Vec<_>>())
    };
    let values = |list: &[Amount<'c>]| {
        let value = |amount: &Amount<'c>| match amount {
            Amount::Known(_) => None,
            Amount::Value(value) => Some(*value),
        };
        list.iter().filter_map(value).collect::<Vec<_>>()
    };
    let (moved, given) = (values(offsets), values(sizes));
    let segments = i32_array_text(&[1, 1, moved.len(), given.len(), 0]);
    let (offsets, sizes, strides) = (known(offsets), known(sizes), i64_array_text(&vec![1; sizes.len()]));
    let attributes = [
        ("static_offsets", offsets.as_str()),
        ("static_sizes", sizes.as_str()),
        ("static_strides", strides.as_str()),
        ("operandSegmentSizes", segments.as_str()),
    ];
    let operands = [vec![source, into], moved, given].concat();
    at.value("tensor.insert_slice", &operands, &type_text(into.r#type()), &attributes)
}
