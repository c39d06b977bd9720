//! Functions of the `util` dialect become `func`'s, and its hints go.

use ropt_mlir::{
    ir::edit::{Builder, Op, erase, op_name, operands, replace_uses, results},
    melior::ir::{Attribute, Region, RegionLike, ValueLike, operation::OperationLike},
    mlir_sys::mlirRegionTakeBody,
};
use ropt_plugin::prelude::*;

use crate::{
    names,
    ops::{all_named, children_named, functions},
};

/// Attributes of a util.func or util.call that a func.func or func.call does not have.
const DROPPED: [&str; 2] = ["tied_operands", "inlining_policy"];

/// Converts the module's functions, calls, initializers and hints.
pub(crate) fn convert(module: Op<'_>) -> PassResult {
    for function in children_named(module, "util.func") {
        replace(function, "func.func", &[]);
    }
    for (index, initializer) in children_named(module, "util.initializer").into_iter().enumerate() {
        let name = format!("\"{}{index}\"", names::INITIALIZER);
        replace(initializer, "func.func", &[("sym_name", &name), ("sym_visibility", "\"private\"")]);
    }
    for function in functions(module) {
        for op in ropt_mlir::ir::edit::nested(function) {
            match op_name(op).as_str() {
                "util.return" => replace(op, "func.return", &[]),
                "util.call" => replace(op, "func.call", &[]),
                "util.assume.int" | "util.optimization_barrier" => forward(op),
                "util.align" => align(op),
                _ => {}
            }
        }
        if let Some(left) = all_named(function, "bufferization.to_tensor").first() {
            return Err(PassError::new("host code that works on buffers itself is not supported")
                .at(left.location())
                .help("use tensors; buffers are chosen here"));
        }
    }
    Ok(())
}

/// Replaces an op by one of another name with the same operands, results, regions and attributes.
fn replace(op: Op<'_>, name: &str, more: &[(&str, &str)]) {
    let kept: Vec<(String, Attribute<'_>)> = op
        .attributes()
        .map(|(key, value)| (key.as_string_ref().as_str().unwrap_or_default().to_owned(), value))
        .filter(|(key, _)| !DROPPED.contains(&key.as_str()))
        .collect();
    let texts: Vec<(&str, String)> = kept.iter().map(|(key, value)| (key.as_str(), value.to_string())).collect();
    let mut attributes: Vec<(&str, &str)> = texts.iter().map(|(key, text)| (*key, text.as_str())).collect();
    attributes.extend_from_slice(more);
    let types: Vec<_> = results(op).iter().map(|value| value.r#type()).collect();
    let regions: Vec<Region<'_>> = op
        .regions()
        .map(|source| {
            let target = Region::new();
            // SAFETY: both regions are live; the source is left empty.
            unsafe { mlirRegionTakeBody(target.to_raw(), source.to_raw()) };
            target
        })
        .collect();
    let new = Builder::before(op).op_with_regions(name, &operands(op), &types, &attributes, regions);
    for (old, new) in results(op).into_iter().zip(results(new)) {
        replace_uses(old, new);
    }
    erase(op);
}

/// Host code is not optimised any more when it gets here, so a barrier or assumption has done its work.
fn forward(op: Op<'_>) {
    for (result, operand) in results(op).into_iter().zip(operands(op)) {
        replace_uses(result, operand);
    }
    erase(op);
}

/// `align(v, a)` is `(v + a - 1) / a * a`.
fn align(op: Op<'_>) {
    let [value, alignment] = operands(op)[..] else { return };
    let at = Builder::before(op);
    let ty = value.r#type().to_string();
    let blocks = at.value("arith.ceildivui", &[value, alignment], &ty, &[]);
    replace_uses(results(op)[0], at.value("arith.muli", &[blocks, alignment], &ty, &[]));
    erase(op);
}
