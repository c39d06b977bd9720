//! Sizes that are known only at run time, as values of the host.

use ropt_mlir::{
    ir::{
        attributes::{constant_integer, i64_array, operand_segments},
        edit::{Builder, Op, Val, defining_op, move_before, op_name, operands, pin, results, set_operand, users},
        nesting::ops_of,
    },
    melior::ir::{BlockRef, Type, ValueLike, block::BlockArgument, operation::OperationLike},
};

use crate::{
    program::constant,
    serial,
    values::{Tensor, same_type},
};

/// The dynamic sizes of a tensor, outermost first. A size that no op says is read with `tensor.dim` where the tensor
/// is defined, so that one size is one value.
pub(crate) fn dynamic_sizes<'c>(value: Val<'c>) -> Vec<Val<'c>> {
    let Some(tensor) = Tensor::of(value.r#type()) else { return Vec::new() };
    tensor.dynamic().into_iter().map(|dimension| size(value, dimension)).collect()
}

/// The size of one dimension as a value that is there wherever the tensor is.
pub(crate) fn size<'c>(value: Val<'c>, dimension: usize) -> Val<'c> {
    said(value, dimension).unwrap_or_else(|| read(value, dimension))
}

/// The size as the defining op was given it.
fn said<'c>(value: Val<'c>, dimension: usize) -> Option<Val<'c>> {
    let op = defining_op(value)?;
    let tensor = Tensor::of(value.r#type())?;
    if let Some(size) = tensor.sizes[dimension] {
        return Some(constant(op, size));
    }
    let nth = tensor.dynamic_before(dimension);
    let index = results(op).iter().position(|result| *result == value)?;
    let inputs = operands(op);
    match op_name(op).as_str() {
        "tensor.empty" | "tensor.generate" => inputs.get(nth).copied(),
        "tensor.splat" | "tensor.expand_shape" => inputs.get(nth + 1).copied(),
        "tensor.insert" | "tensor.insert_slice" => Some(size(inputs[1], dimension)),
        "tensor.cast" | "tensor.bitcast" => Some(size(inputs[0], dimension)),
        "tensor.extract_slice" => {
            let whole = i64_array(op, "static_sizes").len() == tensor.sizes.len();
            if whole { operand_segments(op).get(2)?.get(nth).copied() } else { None }
        }
        "tensor.pad" => Some(padded(op, dimension)),
        "flow.dispatch" => {
            let before: usize = results(op)[..index].iter().map(|result| dynamic_count(result.r#type())).sum();
            operand_segments(op).get(3)?.get(before + nth).copied()
        }
        name if name.starts_with("linalg.") || serial::is_kernel(op) => {
            let init = inputs[inputs.len() - results(op).len() + index];
            same_type(init.r#type(), value.r#type()).then(|| size(init, dimension))
        }
        _ => None,
    }
}

/// How many sizes of a type are known only at run time.
pub(crate) fn dynamic_count(ty: Type<'_>) -> usize {
    Tensor::of(ty).map_or(0, |tensor| tensor.dynamic().len())
}

/// The size of a padded dimension.
fn padded<'c>(pad: Op<'c>, dimension: usize) -> Val<'c> {
    let parts = operand_segments(pad);
    let amount = |name: &str, values: &[Val<'c>]| {
        let known = i64_array(pad, name);
        let nth = known[..dimension].iter().filter(|amount| **amount < 0).count();
        if known[dimension] < 0 { values[nth] } else { constant(pad, known[dimension]) }
    };
    let (low, high) = (amount("static_low", &parts[1]), amount("static_high", &parts[2]));
    let inner = size(operands(pad)[0], dimension);
    let at = Builder::before(pad);
    let sum = at.value("arith.addi", &[inner, low], "index", &[]);
    at.value("arith.addi", &[sum, high], "index", &[])
}

/// The size as `tensor.dim` reads it, right behind the tensor's definition.
fn read<'c>(value: Val<'c>, dimension: usize) -> Val<'c> {
    let next = behind(value);
    let number = constant(next, dimension as i64);
    let known = users(value)
        .into_iter()
        .find(|user| op_name(*user) == "tensor.dim" && constant_integer(operands(*user)[1]) == Some(dimension as i64));
    let Some(dim) = known else {
        return Builder::before(next).value("tensor.dim", &[value, number], "index", &[]);
    };
    set_operand(dim, 1, number);
    if dim != next {
        move_before(dim, next);
    }
    results(dim)[0]
}

/// The op that what belongs to the value's definition is put before.
fn behind<'c>(value: Val<'c>) -> Op<'c> {
    if let Some(op) = defining_op(value) {
        return op.next_in_block().map(pin).expect("an op with results is not a terminator");
    }
    let argument = BlockArgument::try_from(value).expect("what no op defines is a block's argument");
    // SAFETY: the block lives as long as the function, which the pass owns.
    let block = unsafe { BlockRef::from_raw(argument.owner().to_raw()) };
    let first = ops_of(block).into_iter().find(|op| op_name(*op) != "arith.constant");
    first.expect("a block of a verified function ends in a terminator")
}
