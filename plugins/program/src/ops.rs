//! Questions about ops that both passes ask.

use ropt_mlir::{
    ir::{
        edit::{Op, Val, defining_op, nested, op_name, operands, pin_value},
        ops_in,
    },
    melior::ir::{
        Attribute, AttributeLike, BlockLike, BlockRef, RegionLike, Type, ValueLike,
        attribute::{DenseI32ArrayAttribute, DenseI64ArrayAttribute, IntegerAttribute, StringAttribute, TypeAttribute},
        operation::OperationLike,
        r#type::FunctionType,
    },
    mlir_sys::{
        MlirStringRef, mlirAttributeIsAElements, mlirAttributeIsAFloat, mlirAttributeIsAInteger, mlirAttributeIsAUnit,
        mlirOperationSetAttributeByName, mlirSymbolTableReplaceAllSymbolUses,
    },
};

/// The ops with that name, anywhere in `op`.
pub(crate) fn all_named<'c>(op: Op<'c>, name: &str) -> Vec<Op<'c>> {
    nested(op).into_iter().filter(|inner| op_name(*inner) == name).collect()
}

/// The ops with that name, directly in `op`.
pub(crate) fn children_named<'c>(op: Op<'c>, name: &str) -> Vec<Op<'c>> {
    ops_in(op).into_iter().filter(|inner| op_name(*inner) == name).collect()
}

/// The functions of the module that have a body.
pub(crate) fn functions<'c>(module: Op<'c>) -> Vec<Op<'c>> {
    children_named(module, "func.func").into_iter().filter(|function| entry_block(*function).is_some()).collect()
}

/// The first block of the op's first region.
pub(crate) fn entry_block<'c>(op: Op<'c>) -> Option<BlockRef<'c, 'c>> {
    op.region(0).ok()?.first_block()
}

/// All blocks of the op's regions.
pub(crate) fn blocks<'c>(op: Op<'c>) -> Vec<BlockRef<'c, 'c>> {
    let mut found = Vec::new();
    for region in op.regions() {
        let mut block = region.first_block();
        while let Some(current) = block {
            block = current.next_in_region();
            found.push(current);
        }
    }
    found
}

/// The arguments of a block.
pub(crate) fn arguments<'c>(block: BlockRef<'c, 'c>) -> Vec<Val<'c>> {
    (0..block.argument_count()).filter_map(|index| block.argument(index).ok().map(pin_value)).collect()
}

/// The ops of a block, in order.
pub(crate) fn ops_of<'c>(block: BlockRef<'c, 'c>) -> Vec<Op<'c>> {
    let mut found = Vec::new();
    let mut next = block.first_operation();
    while let Some(op) = next {
        next = op.next_in_block();
        found.push(ropt_mlir::ir::edit::pin(op));
    }
    found
}

/// The operands of an op split by its `operandSegmentSizes`.
pub(crate) fn segments<'c>(op: Op<'c>) -> Vec<Vec<Val<'c>>> {
    let mut all = operands(op).into_iter();
    let sizes = op.attribute("operandSegmentSizes").ok().and_then(|a| DenseI32ArrayAttribute::try_from(a).ok());
    let Some(sizes) = sizes else { return vec![all.collect()] };
    (0..sizes.len()).map(|index| all.by_ref().take(sizes.element(index).unwrap_or(0) as usize).collect()).collect()
}

/// An `array<i64: …>` attribute; empty when it is not there.
pub(crate) fn i64_array(op: Op<'_>, name: &str) -> Vec<i64> {
    let Some(array) = op.attribute(name).ok().and_then(|a| DenseI64ArrayAttribute::try_from(a).ok()) else {
        return Vec::new();
    };
    (0..array.len()).filter_map(|index| array.element(index).ok()).collect()
}

/// An integer attribute's value.
pub(crate) fn integer(op: Op<'_>, name: &str) -> Option<i64> {
    IntegerAttribute::try_from(op.attribute(name).ok()?).ok().map(|value| value.value())
}

/// A text attribute's value.
pub(crate) fn string(op: Op<'_>, name: &str) -> Option<String> {
    let text = StringAttribute::try_from(op.attribute(name).ok()?).ok()?;
    Some(text.value().to_owned())
}

/// A type attribute's value.
pub(crate) fn type_attribute<'c>(op: Op<'c>, name: &str) -> Option<Type<'c>> {
    TypeAttribute::try_from(op.attribute(name).ok()?).ok().map(|ty| ty.value())
}

/// Sets an attribute. Unlike text, this is as fast for megabytes as for bytes.
pub(crate) fn set<'c>(op: Op<'c>, name: &str, value: Attribute<'c>) {
    let name = MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
    // SAFETY: op and attribute are live and of one context; the name outlives the call.
    unsafe { mlirOperationSetAttributeByName(op.to_raw(), name, value.to_raw()) };
}

/// Whether an attribute is `unit`.
pub(crate) fn is_unit(value: Attribute<'_>) -> bool {
    // SAFETY: the attribute is live.
    unsafe { mlirAttributeIsAUnit(value.to_raw()) }
}

/// Whether an attribute is a number or a tensor of numbers.
pub(crate) fn is_value(value: Attribute<'_>) -> bool {
    let raw = value.to_raw();
    // SAFETY: the attribute is live.
    unsafe { mlirAttributeIsAElements(raw) || mlirAttributeIsAInteger(raw) || mlirAttributeIsAFloat(raw) }
}

/// The types of a function's arguments and results.
pub(crate) fn signature<'c>(function: Op<'c>) -> (Vec<Type<'c>>, Vec<Type<'c>>) {
    let Some(ty) = type_attribute(function, "function_type").and_then(|ty| FunctionType::try_from(ty).ok()) else {
        return (Vec::new(), Vec::new());
    };
    let inputs = (0..ty.input_count()).filter_map(|index| ty.input(index).ok()).collect();
    let results = (0..ty.result_count()).filter_map(|index| ty.result(index).ok()).collect();
    (inputs, results)
}

/// Whether a symbol is visible outside of the module.
pub(crate) fn is_public(op: Op<'_>) -> bool {
    string(op, "sym_visibility").is_none_or(|visibility| visibility == "public")
}

/// A symbol reference as text: quoted, so that any name does.
pub(crate) fn symbol_text(name: &str) -> String {
    format!("@{}", quoted(name))
}

/// A string as MLIR's parser reads it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(byte as char);
            }
            0x20..=0x7e => out.push(byte as char),
            _ => out.push_str(&format!("\\{byte:02X}")),
        }
    }
    out.push('"');
    out
}

/// The name in a flat symbol reference attribute.
pub(crate) fn symbol_attribute(op: Op<'_>, name: &str) -> Option<String> {
    let attribute = op.attribute(name).ok()?;
    ropt_mlir::melior::ir::attribute::FlatSymbolRefAttribute::try_from(attribute)
        .ok()
        .map(|symbol| symbol.value().to_owned())
}

/// Renames every use of a symbol below `scope`.
pub(crate) fn rename_uses(scope: Op<'_>, from: &str, to: &str) {
    let text = |name: &str| MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
    // SAFETY: the op is live and the strings outlive the call.
    unsafe { mlirSymbolTableReplaceAllSymbolUses(text(from), text(to), scope.to_raw()) };
}

/// Whether two handles name the same op.
pub(crate) fn same(a: Op<'_>, b: Op<'_>) -> bool {
    std::ptr::eq(a.to_raw().ptr, b.to_raw().ptr)
}

/// A value's identity, for maps.
pub(crate) fn key(value: Val<'_>) -> usize {
    value.to_raw().ptr.addr()
}

/// The value of an `arith.constant` of an integer or index.
pub(crate) fn constant(value: Val<'_>) -> Option<i64> {
    let op = defining_op(value)?;
    (op_name(op) == "arith.constant").then(|| integer(op, "value")).flatten()
}
