//! What becomes of each op of host code.

use ropt_mlir::ir::{
    attributes::{constant_integer, i64_array, operand_segments},
    edit::{Op, Val, defining_op, op_name, operands, results},
    op_is,
};

use crate::{
    serial,
    values::{Tensor, is_tensor, splat},
};
use ropt_mlir::melior::ir::ValueLike;

/// What becomes of an op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is done by a dispatch.
    Work,
    /// It costs nothing inside of a kernel: every dispatch that needs it has a copy.
    Copied,
    /// It stays on the host.
    Host,
}

/// Ops with tensors that the host does by itself: it reads or makes single elements, copies, or looks at the same
/// memory as another shape.
const HOST_TENSOR_OPS: [&str; 9] = [
    "tensor.dim",
    "tensor.rank",
    "tensor.extract",
    "tensor.from_elements",
    "tensor.expand_shape",
    "tensor.collapse_shape",
    "tensor.reshape",
    "tensor.cast",
    "tensor.insert_slice",
];

/// Dialects whose ops belong to the host, with or without tensors.
const HOST_DIALECTS: [&str; 8] = ["func", "util", "scf", "cf", "flow", "hal", "ml_program", "builtin"];

/// What becomes of an op of host code.
pub(crate) fn role(op: Op<'_>) -> Role {
    let name = op_name(op);
    match name.as_str() {
        "tensor.empty" | "tensor.splat" => return Role::Copied,
        "arith.constant" if results(op).iter().all(|value| !is_tensor(*value)) || splat(op).is_some() => {
            return Role::Copied;
        }
        "linalg.fill" if is_empty(operands(op)[1]) => return Role::Copied,
        "tensor.extract_slice" => return if contiguous(op) { Role::Host } else { Role::Copied },
        "arith.constant" => return Role::Host,
        name if HOST_TENSOR_OPS.contains(&name) => return Role::Host,
        _ => {}
    }
    if name.starts_with("linalg.") {
        return Role::Work;
    }
    if name.starts_with("scf.") {
        return if serial::is_kernel(op) { Role::Work } else { Role::Host };
    }
    let dialect = name.split('.').next().unwrap_or_default();
    if HOST_DIALECTS.contains(&dialect) || !touches_tensors(op) || !op_is(op, "MemoryEffectFree") {
        return Role::Host;
    }
    Role::Work
}

/// Whether some operand or result is a tensor.
pub(crate) fn touches_tensors(op: Op<'_>) -> bool {
    operands(op).into_iter().chain(results(op)).any(is_tensor)
}

fn is_empty(value: Val<'_>) -> bool {
    defining_op(value).is_some_and(|op| op_name(op) == "tensor.empty")
}

/// Whether the elements of a slice lie behind one another in the source, so that it can be looked at without a copy.
pub(crate) fn contiguous(slice: Op<'_>) -> bool {
    let Some(source) = Tensor::of(operands(slice)[0].r#type()) else { return false };
    if i64_array(slice, "static_strides").iter().any(|stride| *stride != 1) {
        return false;
    }
    let mut dynamic = operand_segments(slice).get(2).cloned().unwrap_or_default().into_iter();
    let sizes: Vec<_> = i64_array(slice, "static_sizes")
        .into_iter()
        .map(|size| if size >= 0 { Some(size) } else { dynamic.next().and_then(constant_integer) })
        .collect();
    // Behind the first dimension of which more than one index is taken, all others must be whole.
    let first = sizes.iter().position(|size| *size != Some(1)).unwrap_or(sizes.len());
    sizes.iter().zip(&source.sizes).skip(first + 1).all(|(size, whole)| size.is_some() && size == whole)
}
