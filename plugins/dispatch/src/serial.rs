//! Loops over single elements of tensors: as kernels they are one dispatch instead of a read of device memory for
//! each element.

use ropt_mlir::{
    ir::{
        edit::{Op, defining_op, nested, op_name, operands, pin_value, results},
        nesting::{blocks, ops_of},
        op_is,
    },
    melior::ir::{BlockLike, ValueLike},
};

use crate::values::Tensor;

/// Whether a loop reads or writes single elements of tensors and holds nothing that is worth a dispatch of its own, so
/// that the whole loop runs as one kernel.
pub(crate) fn is_kernel(op: Op<'_>) -> bool {
    let name = op_name(op);
    if !matches!(name.as_str(), "scf.for" | "scf.forall") || results(op).is_empty() || !shapes_known(op) {
        return false;
    }
    let inside = nested(op);
    if !inside.iter().all(|inner| allowed(*inner)) {
        return false;
    }
    // A forall on tensors is code of kernels; a for is host code unless it would go through a tensor's elements.
    let named = |wanted: &[&str]| inside.iter().any(|inner| wanted.contains(&op_name(*inner).as_str()));
    let linalg = inside.iter().any(|inner| op_name(*inner).starts_with("linalg."));
    name == "scf.forall" || (!linalg && named(&["tensor.insert", "tensor.extract"]))
}

/// Whether the host can tell the sizes of every resulting tensor beforehand.
fn shapes_known(op: Op<'_>) -> bool {
    results(op).into_iter().enumerate().all(|(index, result)| {
        Tensor::of(result.r#type()).is_none_or(|tensor| tensor.dynamic().is_empty() || keeps_shape(op, index))
    })
}

/// Whether the loop hands on the tensor it was given, changed in place.
fn keeps_shape(op: Op<'_>, index: usize) -> bool {
    if op_name(op) == "scf.forall" {
        return true;
    }
    let Some(block) = blocks(op).into_iter().next() else { return false };
    let Some(end) = ops_of(block).pop() else { return false };
    let mut value = operands(end)[index];
    while let Some(op) = defining_op(value) {
        value = match op_name(op).as_str() {
            "tensor.insert" | "tensor.insert_slice" => operands(op)[1],
            _ => return false,
        };
    }
    // The first argument is the loop's counter.
    block.argument(index + 1).is_ok_and(|argument| pin_value(argument) == value)
}

/// Whether the op may be part of such a kernel.
fn allowed(op: Op<'_>) -> bool {
    let name = op_name(op);
    let dialect = name.split('.').next().unwrap_or_default();
    let pure = op_is(op, "MemoryEffectFree") || op_is(op, "Terminator");
    matches!(name.as_str(), "scf.forall" | "scf.forall.in_parallel" | "tensor.parallel_insert_slice")
        || (matches!(dialect, "arith" | "math" | "tensor" | "linalg" | "index" | "affine") && pure)
        || matches!(
            name.as_str(),
            "scf.for" | "scf.if" | "scf.while" | "scf.yield" | "scf.condition" | "scf.index_switch"
        )
}
