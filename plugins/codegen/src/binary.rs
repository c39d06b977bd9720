//! A variant's binary: making it of the translated module or the objects, and putting it in their place.

use ropt_mlir::{
    ir::{
        Elements,
        attributes::string,
        edit::{Builder, Op, context_of, erase, op_name, remove_attribute, set_attribute},
        elements, ops_in,
    },
    melior::ir::operation::OperationLike,
    mlir_sys,
};
use ropt_plugin::prelude::*;

use crate::{
    limits::{Limits, Watch},
    variants::Variant,
};

/// The op that holds a variant's binary.
pub(crate) const BINARY: &str = "hal.executable.binary";

/// Tells a target that intermediates are wanted, which cost time.
const WANTED: &str = "ropt.intermediates";
/// On a binary: the extension of a file of it, for who dumps it later.
pub(crate) const SUFFIX: &str = "ropt.suffix";

/// Lets the variant's target serialize it; `wanted` says whether intermediates are.
///
/// # Errors
/// The target's, at the variant.
pub(crate) fn make(variant: Variant<'_>, wanted: bool, limits: Limits, cx: &PassContext<'_>) -> PassResult<Binary> {
    let target = variant.target(cx)?;
    if wanted {
        set_attribute(variant.op, WANTED, "unit");
    }
    let what = format!("serializing the executable @{} for @{}", variant.executable_name(), variant.name());
    let _watch = Watch::start(limits, what);
    let binary = target.serialize(variant.op, cx);
    remove_attribute(variant.op, WANTED);
    binary.map_err(|error| error.at(variant.op.location()))
}

/// Notes on the variant's binary what a file of it is called.
pub(crate) fn keep_suffix(variant: Variant<'_>, suffix: &str) {
    if let Some(binary) = variant.inner(BINARY) {
        set_attribute(binary, SUFFIX, &format!("{suffix:?}"));
    }
}

/// Takes the note away again.
pub(crate) fn take_suffix(binary: Op<'_>) -> Option<String> {
    let suffix = string(binary, SUFFIX);
    remove_attribute(binary, SUFFIX);
    suffix
}

/// The bytes of a `hal.executable.binary`.
///
/// # Errors
/// When its data are no bytes.
pub(crate) fn data(binary: Op<'_>) -> PassResult<Vec<u8>> {
    let (Elements::Dense(bytes) | Elements::Splat(bytes)) =
        elements(binary.attribute("data")?).map_err(|error| PassError::from(error).at(binary.location()))?;
    Ok(bytes)
}

/// Puts the binary in the place of the variant's module and objects.
pub(crate) fn put(variant: Variant<'_>, binary: &Binary) {
    let inside: Vec<Op<'_>> = ops_in(variant.op);
    for op in inside.into_iter().filter(|op| op_name(*op) == "builtin.module") {
        erase(op);
    }
    remove_attribute(variant.op, "objects");
    let Some(block) = variant.op.region(0).ok().and_then(|region| region.first_block()) else { return };
    let place = match block.terminator() {
        Some(end) if op_name(end) == "hal.executable.variant_end" => Builder::before(ropt_mlir::ir::edit::pin(end)),
        _ => Builder::at_end(block, variant.op.location()),
    };
    let op = place.op(
        BINARY,
        &[],
        &[],
        &[
            ("sym_name", &format!("{:?}", variant.name())),
            ("sym_visibility", "\"public\""),
            ("format", &format!("{:?}", binary.format.as_str())),
            ("mime_type", &format!("{:?}", binary.mime.as_str())),
            ("data", "dense<0> : vector<1xi8>"),
        ],
    );
    set_data(op, &binary.data);
}

/// Sets the bytes without a detour through text.
fn set_data(op: Op<'_>, data: &[u8]) {
    let context = context_of(op);
    let length = data.len() as i64;
    // SAFETY: type and attribute are of the op's context, and MLIR copies the bytes.
    unsafe {
        let byte = mlir_sys::mlirIntegerTypeGet(context.to_raw(), 8);
        let ty = mlir_sys::mlirVectorTypeGet(1, &length, byte);
        let attribute = mlir_sys::mlirDenseElementsAttrRawBufferGet(ty, data.len(), data.as_ptr().cast());
        let key = mlir_sys::MlirStringRef { data: "data".as_ptr().cast(), length: 4 };
        mlir_sys::mlirOperationSetAttributeByName(op.to_raw(), key, attribute);
    }
}
