//! Questions about kernels that the passes of several targets ask.

pub mod grid;

use crate::ir::{
    edit::{Op, Val, defining_op, nested, op_name},
    ops_in,
};
use melior::ir::{
    BlockRef, RegionLike,
    attribute::{DenseI32ArrayAttribute, DenseI64ArrayAttribute, IntegerAttribute},
    operation::OperationLike,
    r#type::DimSize,
};

/// `hal.interface.binding.subspan`.
pub const SUBSPAN: &str = "hal.interface.binding.subspan";
/// `iree_tensor_ext.dispatch.workload.ordinal`.
pub const ORDINAL: &str = "iree_tensor_ext.dispatch.workload.ordinal";

/// The functions with a body in an inner module, in order.
pub fn kernels<'c>(module: Op<'c>) -> Vec<Op<'c>> {
    ops_in(module).into_iter().filter(|op| op_name(*op) == "func.func" && entry_block(*op).is_some()).collect()
}

/// Whether a function is a kernel: public, and it takes and returns nothing. Others are helpers of kernels.
pub fn is_kernel(function: Op<'_>) -> bool {
    let nullary = function.attribute("function_type").is_ok_and(|ty| ty.to_string() == "() -> ()");
    nullary && string(function, "sym_visibility").is_none_or(|visibility| visibility == "public")
}

/// The first block of the op's first region.
pub fn entry_block<'c>(op: Op<'c>) -> Option<BlockRef<'c, 'c>> {
    op.region(0).ok()?.first_block()
}

/// The ops of the entry block.
pub fn body<'c>(op: Op<'c>) -> Vec<Op<'c>> {
    let Some(block) = entry_block(op) else { return Vec::new() };
    ops_in(op).into_iter().filter(|inner| inner.block() == Some(block)).collect()
}

/// The ops with that name, anywhere in `op`.
pub fn all_named<'c>(op: Op<'c>, name: &str) -> Vec<Op<'c>> {
    nested(op).into_iter().filter(|inner| op_name(*inner) == name).collect()
}

/// An `array<i64: …>` attribute; empty when it is not there.
pub fn i64_array(op: Op<'_>, name: &str) -> Vec<i64> {
    let Some(array) = op.attribute(name).ok().and_then(|a| DenseI64ArrayAttribute::try_from(a).ok()) else {
        return Vec::new();
    };
    (0..array.len()).filter_map(|index| array.element(index).ok()).collect()
}

/// The operands of an op split by its `operandSegmentSizes`.
pub fn segments<'c>(op: Op<'c>) -> Vec<Vec<Val<'c>>> {
    let mut operands = crate::ir::edit::operands(op).into_iter();
    let sizes = op.attribute("operandSegmentSizes").ok().and_then(|a| DenseI32ArrayAttribute::try_from(a).ok());
    let Some(sizes) = sizes else { return vec![operands.collect()] };
    (0..sizes.len()).map(|index| operands.by_ref().take(sizes.element(index).unwrap_or(0) as usize).collect()).collect()
}

/// An integer attribute's value.
pub fn integer(op: Op<'_>, name: &str) -> Option<i64> {
    IntegerAttribute::try_from(op.attribute(name).ok()?).ok().map(|value| value.value())
}

/// The value of an `arith.constant` of an integer or index.
pub fn constant(value: Val<'_>) -> Option<i64> {
    let op = defining_op(value)?;
    (op_name(op) == "arith.constant").then(|| integer(op, "value")).flatten()
}

/// A text attribute's value.
pub fn string(op: Op<'_>, name: &str) -> Option<String> {
    let text = melior::ir::attribute::StringAttribute::try_from(op.attribute(name).ok()?).ok()?;
    Some(text.value().to_owned())
}

/// The unit attribute as text for builders.
pub const UNIT: &str = "unit";

/// `array<i32: …>` as text.
pub fn i32_array_text(values: &[usize]) -> String {
    let list: Vec<String> = values.iter().map(ToString::to_string).collect();
    if list.is_empty() { "array<i32>".to_owned() } else { format!("array<i32: {}>", list.join(", ")) }
}

/// `array<i64: …>` as text.
pub fn i64_array_text(values: &[i64]) -> String {
    let list: Vec<String> = values.iter().map(ToString::to_string).collect();
    if list.is_empty() { "array<i64>".to_owned() } else { format!("array<i64: {}>", list.join(", ")) }
}

/// A dimension's size, when it is known.
pub fn known_size(size: Result<DimSize, melior::Error>) -> Option<i64> {
    match size {
        Ok(DimSize::Static(size)) => i64::try_from(size).ok(),
        _ => None,
    }
}

/// Ops that merge two numbers and whose order does not matter, but for rounding.
pub const MERGES: [&str; 15] = [
    "arith.addf",
    "arith.mulf",
    "arith.maximumf",
    "arith.minimumf",
    "arith.maxnumf",
    "arith.minnumf",
    "arith.addi",
    "arith.muli",
    "arith.maxsi",
    "arith.minsi",
    "arith.maxui",
    "arith.minui",
    "arith.andi",
    "arith.ori",
    "arith.xori",
];

/// Bytes of a memref of known shape.
#[must_use]
pub fn memref_bytes(memory: Val<'_>) -> Option<i64> {
    use melior::ir::{ShapedTypeLike, ValueLike, r#type::MemRefType};
    let ty = MemRefType::try_from(memory.r#type()).ok()?;
    let element = match ty.element().to_string().as_str() {
        "i1" | "i8" => 1,
        "i16" | "f16" | "bf16" => 2,
        "i32" | "f32" => 4,
        "i64" | "f64" | "index" => 8,
        _ => return None,
    };
    (0..ty.rank()).try_fold(element, |total: i64, axis| total.checked_mul(known_size(ty.dim_size(axis))?))
}
