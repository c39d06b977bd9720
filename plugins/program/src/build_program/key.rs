//! What host code depends on, as a key of the cache: the module without its binaries' bytes, and the code at work.

use ropt_cache::{Key, KeyMaker};
use ropt_mlir::{
    ir::{
        edit::{Op, nested, op_name},
        key_text, ops_in,
    },
    melior::ir::{Attribute, AttributeLike, Type, operation::OperationLike},
    mlir_sys::{
        mlirAttributeGetType, mlirAttributeIsADenseElements, mlirDenseElementsAttrIsSplat,
        mlirElementsAttrGetNumElements,
    },
};
use ropt_plugin::prelude::*;

use crate::{emit_program, lower_host};

/// Elements of constants that are worth reading for a key. Compiling host code takes no longer with more of them.
const MOST_ELEMENTS: i64 = 1 << 18;

/// The key of a module's host code; None when something of it cannot be told, or is too large.
///
/// # Errors
/// When the host cannot tell which code is at work.
pub(super) fn of(module: Op<'_>, cx: &PassContext<'_>) -> PassResult<Option<Key>> {
    let pipelines = [lower_host::PIPELINES.as_slice(), emit_program::PIPELINES.as_slice()].concat();
    let Some(code) = cx.identity(None, &pipelines)? else { return Ok(None) };
    let mut maker = KeyMaker::new("host").field("code", code.as_bytes());
    attributes(module, &mut maker);
    let mut elements = 0;
    for op in ops_in(module) {
        if op_name(op) == "hal.executable" {
            if !executable(op, &mut maker) {
                return Ok(None);
            }
            continue;
        }
        elements += std::iter::once(op).chain(nested(op)).map(constants).sum::<i64>();
        if elements > MOST_ELEMENTS {
            return Ok(None);
        }
        let text = key_text(op, None);
        // Their bytes lie outside of the text.
        if text.windows(RESOURCE.len()).any(|part| part == RESOURCE) {
            return Ok(None);
        }
        maker.add("op", &text);
    }
    Ok(Some(maker.finish()))
}

const RESOURCE: &[u8] = b"dense_resource<";

/// All of an executable but the bytes of its binaries, which the text leaves out as it does all constants, and their
/// number, which stands in the program's table only: false when it holds others.
fn executable(executable: Op<'_>, maker: &mut KeyMaker) -> bool {
    let (binaries, others): (Vec<_>, Vec<_>) =
        nested(executable).into_iter().partition(|op| op_name(*op) == "hal.executable.binary");
    if others.into_iter().map(constants).sum::<i64>() > 0 {
        return false;
    }
    let mut text = String::from_utf8_lossy(&key_text(executable, Some(0))).into_owned();
    for data in binaries.into_iter().filter_map(|binary| binary.attribute("data").ok()) {
        // SAFETY: the attribute is live.
        let ty = unsafe { Type::from_raw(mlirAttributeGetType(data.to_raw())) };
        text = text.replace(&format!("{LEFT_OUT} : {ty}"), LEFT_OUT);
    }
    maker.add("executable", text.as_bytes());
    true
}

/// How MLIR prints the elements that it leaves out.
const LEFT_OUT: &str = "dense_resource<__elided__>";

fn attributes(op: Op<'_>, maker: &mut KeyMaker) {
    for (name, value) in op.attributes() {
        maker.add(name.as_string_ref().as_str().unwrap_or_default(), value.to_string().as_bytes());
    }
}

/// Elements of an op's constants, those apart that are one number repeated.
fn constants(op: Op<'_>) -> i64 {
    let count = |value: Attribute<'_>| {
        let raw = value.to_raw();
        // SAFETY: the attribute is live, and asked for its elements only when it has some.
        unsafe {
            let dense = mlirAttributeIsADenseElements(raw) && !mlirDenseElementsAttrIsSplat(raw);
            if dense { mlirElementsAttrGetNumElements(raw) } else { 0 }
        }
    };
    op.attributes().map(|(_, value)| count(value)).sum()
}
