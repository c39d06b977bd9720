//! Loops over single elements of tensors: as kernels they are one dispatch instead of a read of device memory for
//! each element.

use ropt_mlir::ir::{
    edit::{Op, nested, op_name, operands, results},
    op_is,
    nesting::blocks,
};

use crate::values::{Tensor, is_tensor};
use ropt_mlir::melior::ir::ValueLike;

/// Whether a loop reads or writes single elements of tensors and holds nothing that is worth a dispatch of its own, so
/// that the whole loop runs as one kernel.
pub(crate) fn is_kernel(op: Op<'_>) -> bool {
    let name = op_name(op);
    if matches!(name.as_str(), "scf.forall" | "scf.parallel") {
        return shapes_known(op) && nested(op).into_iter().all(allowed);
    }
    if name != "scf.for" || results(op).is_empty() || !shapes_known(op) {
        return false;
    }
    let inside = nested(op);
    let elements = inside.iter().any(|inner| matches!(op_name(*inner).as_str(), "tensor.insert" | "tensor.extract"));
    elements && inside.iter().all(|inner| allowed(*inner) && !op_name(*inner).starts_with("linalg."))
}

/// Whether every result is a tensor whose sizes the host can tell beforehand.
fn shapes_known(op: Op<'_>) -> bool {
    let found = results(op);
    let inits = operands(op);
    let inits = &inits[inits.len() - found.len()..];
    found.iter().zip(inits).enumerate().all(|(index, (result, init))| {
        let Some(tensor) = Tensor::of(result.r#type()) else { return false };
        is_tensor(*init) && (tensor.dynamic().is_empty() || keeps_shape(op, index))
    })
}

/// Whether the loop hands on the tensor it was given, changed in place.
fn keeps_shape(op: Op<'_>, index: usize) -> bool {
    if op_name(op) != "scf.for" {
        return true;
    }
    let Some(block) = blocks(op).into_iter().next() else { return false };
    let Some(end) = ropt_mlir::ir::nesting::ops_of(block).pop() else { return false };
    let mut value = operands(end)[index];
    use ropt_mlir::{ir::edit::{defining_op, pin_value}, melior::ir::BlockLike};
    while let Some(op) = defining_op(value) {
        value = match op_name(op).as_str() {
            "tensor.insert" | "tensor.insert_slice" => operands(op)[1],
            _ => return false,
        };
    }
    block.argument(index + 1).is_ok_and(|argument| pin_value(argument) == value)
}

fn allowed(op: Op<'_>) -> bool {
    let name = op_name(op);
    let dialect = name.split('.').next().unwrap_or_default();
    matches!(dialect, "arith" | "math" | "tensor" | "scf" | "linalg" | "index" | "affine")
        && (op_is(op, "Pure") || op_is(op, "Terminator") || dialect == "scf")
}
