//! What programs may hold. Anything else is one error, with its place, before or after the work is done.

use ropt_mlir::{
    ir::{
        edit::{context_of, nested, op_name, pin_value, ranked_tensor, results, type_text},
        nesting::blocks,
    },
    melior::ir::{BlockLike, Location, ShapedTypeLike, Type, TypeLike, ValueLike, operation::OperationLike},
    mlir_sys::{MlirStringRef, mlirContextIsRegisteredOperation},
};
use ropt_plugin::prelude::{PassError, PassResult};

use crate::{
    program::HostFunction,
    role::{Role, role, touches_tensors},
};

/// Element types that programs compute with.
const ELEMENTS: [&str; 10] = ["i1", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64", "index"];

/// Checks every type of a function, its ops' too.
///
/// # Errors
/// At the first type that is not supported.
pub(crate) fn types(function: &HostFunction<'_>) -> PassResult {
    for op in [function.op].into_iter().chain(nested(function.op)) {
        for block in blocks(op) {
            for index in 0..block.argument_count() {
                if let Ok(argument) = block.argument(index) {
                    let place = format!("argument {index} of `{}`", op_name(op));
                    check_type(pin_value(argument).r#type(), &place, op.location())?;
                }
            }
        }
        for result in results(op) {
            check_type(result.r#type(), &format!("a result of `{}`", op_name(op)), op.location())?;
        }
    }
    Ok(())
}

fn check_type(ty: Type<'_>, place: &str, location: Location<'_>) -> PassResult {
    let text = type_text(ty);
    let refuse = |why: &str, help: &str| {
        Err(PassError::new(format!("{place} has the type {text}, {why}")).at(location).help(help))
    };
    if text.starts_with("memref<") {
        return refuse(
            "but programs work on tensors",
            "write the program with tensors; memrefs belong inside of kernels",
        );
    }
    if text.starts_with("tensor<*") {
        return refuse("whose rank is not known", "give the tensor a rank, such as tensor<?x?xf32>");
    }
    if text.starts_with("vector<") {
        return refuse("but host code has no vectors", "use a tensor");
    }
    if let Some(tensor) = ranked_tensor(ty) {
        if tensor.encoding().is_some() {
            return refuse("whose encoding is not supported", "use a tensor without an encoding");
        }
        let element = type_text(tensor.element());
        if !ELEMENTS.contains(&element.as_str()) {
            return refuse(
                &format!("whose elements ({element}) are not supported"),
                &format!("use one of {}", ELEMENTS.join(", ")),
            );
        }
        return Ok(());
    }
    let scalar = ty.is_integer() || ty.is_index() || ty.is_float();
    if scalar && !ELEMENTS.contains(&text.as_str()) {
        return refuse("which is not supported", &format!("use one of {}", ELEMENTS.join(", ")));
    }
    if text.starts_with("complex<") {
        return refuse("which is not supported", "compute with the real and the imaginary part");
    }
    Ok(())
}

/// Checks that the dialects of all ops are known.
///
/// # Errors
/// At the first op that is not.
pub(crate) fn dialects(function: &HostFunction<'_>) -> PassResult {
    for op in nested(function.op) {
        let name = op_name(op);
        let text = MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
        // SAFETY: context and name live during the call.
        if unsafe { mlirContextIsRegisteredOperation(context_of(op).to_raw(), text) } {
            continue;
        }
        let dialect = name.split('.').next().unwrap_or_default();
        let help = match dialect {
            "stablehlo" | "mhlo" | "chlo" => "convert it first: stablehlo-opt --stablehlo-legalize-to-linalg".into(),
            "torch" => "convert it first: torch-mlir-opt --torch-backend-to-linalg-on-tensors-backend-pipeline".into(),
            "onnx" => "convert it first: onnx-mlir --EmitMLIR, or through torch-mlir".into(),
            _ => format!("load the dialect and a pass that lowers {dialect} to linalg before this one"),
        };
        return Err(PassError::new(format!("`{name}` is an op of an unknown dialect")).at(op.location()).help(help));
    }
    Ok(())
}

/// Checks that nothing is left that only a kernel could do.
///
/// # Errors
/// At the first such op.
pub(crate) fn leftovers(function: &HostFunction<'_>) -> PassResult {
    for op in nested(function.op) {
        let name = op_name(op);
        let dialect = name.split('.').next().unwrap_or_default();
        let host = matches!(
            dialect,
            "func"
                | "util"
                | "scf"
                | "cf"
                | "arith"
                | "math"
                | "flow"
                | "ml_program"
                | "tensor"
                | "hal"
                | "ub"
                | "index"
        );
        if (host && (dialect != "arith" || role(op) != Role::Work)) || op_is_constant(&name) {
            continue;
        }
        let what = if touches_tensors(op) { "can not become a dispatch" } else { "is not supported in host code" };
        return Err(PassError::new(format!("`{name}` {what}"))
            .at(op.location())
            .help("lower it to linalg, tensor, arith, math or scf ops first"));
    }
    Ok(())
}

fn op_is_constant(name: &str) -> bool {
    name == "arith.constant"
}
