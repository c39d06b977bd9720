//! Reading attributes of ops, and array attributes as text.

use super::edit::{Op, Val, defining_op, op_name, operands};
use melior::ir::{
    attribute::{DenseI32ArrayAttribute, DenseI64ArrayAttribute, IntegerAttribute, StringAttribute},
    operation::OperationLike,
};

/// An `array<i64: …>` attribute; empty when it is not there.
pub fn i64_array(op: Op<'_>, name: &str) -> Vec<i64> {
    let Some(array) = op.attribute(name).ok().and_then(|a| DenseI64ArrayAttribute::try_from(a).ok()) else {
        return Vec::new();
    };
    (0..array.len()).filter_map(|index| array.element(index).ok()).collect()
}

/// An integer attribute's value.
pub fn integer(op: Op<'_>, name: &str) -> Option<i64> {
    IntegerAttribute::try_from(op.attribute(name).ok()?).ok().map(|value| value.value())
}

/// A string attribute's value.
pub fn string(op: Op<'_>, name: &str) -> Option<String> {
    StringAttribute::try_from(op.attribute(name).ok()?).ok().map(|text| text.value().to_owned())
}

/// The value of an `arith.constant` of an integer or index.
pub fn constant_integer(value: Val<'_>) -> Option<i64> {
    let op = defining_op(value)?;
    (op_name(op) == "arith.constant").then(|| integer(op, "value")).flatten()
}

/// The operands of an op split by its `operandSegmentSizes`; one list when it has none.
pub fn operand_segments<'c>(op: Op<'c>) -> Vec<Vec<Val<'c>>> {
    let mut operands = operands(op).into_iter();
    let sizes = op.attribute("operandSegmentSizes").ok().and_then(|a| DenseI32ArrayAttribute::try_from(a).ok());
    let Some(sizes) = sizes else { return vec![operands.collect()] };
    (0..sizes.len()).map(|index| operands.by_ref().take(sizes.element(index).unwrap_or(0) as usize).collect()).collect()
}

/// `array<i32: …>` as text.
pub fn i32_array_text(values: &[usize]) -> String {
    array_text("i32", values)
}

/// `array<i64: …>` as text.
pub fn i64_array_text(values: &[i64]) -> String {
    array_text("i64", values)
}

fn array_text<T: ToString>(element: &str, values: &[T]) -> String {
    if values.is_empty() {
        return format!("array<{element}>");
    }
    let list: Vec<String> = values.iter().map(ToString::to_string).collect();
    format!("array<{element}: {}>", list.join(", "))
}
