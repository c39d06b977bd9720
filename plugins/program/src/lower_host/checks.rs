//! What host code may hold, asked before it is lowered and once more at the end.

use ropt_mlir::{
    ir::{
        byte_width,
        edit::{Op, nested, op_name, type_text},
    },
    melior::ir::{ShapedTypeLike, Type, ValueLike, operation::OperationLike, r#type::RankedTensorType},
};
use ropt_plugin::prelude::*;

use super::signatures::name_of;
use crate::{
    names,
    ops::{children_named, entry_block, functions, is_public, signature},
};

/// Dialects that the emission of the program knows. Of memref it knows views.
const KNOWN: [&str; 7] = ["arith", "cf", "func", "llvm", "math", "scf", "ub"];

/// Further dialects that host code may hold before it is lowered.
const BEFORE: [&str; 8] = ["affine", "bufferization", "flow", "linalg", "memref", "ml_program", "tensor", "util"];

/// Executables must be compiled: only their binaries are copied from here on.
pub(crate) fn executables(module: Op<'_>) -> PassResult {
    if let Some(source) = children_named(module, "hal.executable.source").first() {
        return Err(PassError::new(format!("executable @{} has no target yet", name_of(*source)))
            .at(source.location())
            .help("run hal-assign-targets, then hal-configure-executables … hal-serialize-executables before"));
    }
    for executable in children_named(module, "hal.executable") {
        for variant in children_named(executable, "hal.executable.variant") {
            if let Some(inner) = children_named(variant, "builtin.module").first() {
                let names = (name_of(executable), name_of(variant));
                return Err(PassError::new(format!("variant @{} of executable @{} is not compiled", names.1, names.0))
                    .at(inner.location())
                    .help("run hal-translate-executables and hal-serialize-executables before hal-lower-host"));
            }
        }
    }
    Ok(())
}

/// Functions have bodies and types that a program can pass.
pub(crate) fn functions_fit(module: Op<'_>) -> PassResult {
    for function in children_named(module, "func.func") {
        let name = name_of(function);
        if name.starts_with(names::RESERVED) && !name.starts_with(names::INITIALIZER) {
            return Err(PassError::new(format!("names that start with `{}` belong to the runtime", names::RESERVED))
                .at(function.location())
                .help(format!("rename @{name}")));
        }
        if entry_block(function).is_none() {
            return Err(PassError::new(format!("function @{name} has no body"))
                .at(function.location())
                .help("a program calls nothing outside of itself; give the function a body or remove it"));
        }
        let (arguments, results) = signature(function);
        for (what, types) in [("argument", arguments), ("result", results)] {
            for (index, ty) in types.into_iter().enumerate() {
                if !passable(ty) {
                    return Err(PassError::new(format!("{what} {index} of @{name} has type {ty}"))
                        .at(function.location())
                        .note("expected a scalar or a ranked tensor of i1, i8, i16, i32, i64, index, f16, bf16, f32 or f64"));
                }
            }
        }
    }
    if !functions(module).into_iter().any(is_public) {
        return Err(PassError::new("the module has no public function, so the program could not be called")
            .at(module.location())
            .help("make a func.func public"));
    }
    Ok(())
}

/// Whether a function may take or give a value of the type.
fn passable(ty: Type<'_>) -> bool {
    match RankedTensorType::try_from(ty) {
        // The encoding, when there is one, stands behind the element type.
        Ok(tensor) => scalar(tensor.element()) && !type_text(ty).contains(','),
        Err(_) => scalar(ty),
    }
}

/// Whether host code holds scalars of the type.
pub(crate) fn scalar(ty: Type<'_>) -> bool {
    byte_width(ty).is_some()
}

/// Ops that bufferization knows, or that are lowered here.
pub(crate) fn ops(module: Op<'_>) -> PassResult {
    for function in functions(module) {
        for op in nested(function) {
            let name = op_name(op);
            let dialect = name.split('.').next().unwrap_or_default();
            if !KNOWN.contains(&dialect) && !BEFORE.contains(&dialect) {
                return Err(unsupported(function, op));
            }
        }
    }
    Ok(())
}

fn unsupported(function: Op<'_>, op: Op<'_>) -> PassError {
    PassError::new(format!("`{}` in @{} is not supported on the host", op_name(op), name_of(function)))
        .at(op.location())
        .help("ops on tensors belong in an executable: run hal-form-dispatches before")
}

/// Whatever is left that nobody lowers, with its place.
pub(crate) fn leftovers(module: Op<'_>) -> PassResult {
    for function in functions(module) {
        for op in nested(function) {
            let name = op_name(op);
            let dialect = name.split('.').next().unwrap_or_default();
            let known = KNOWN.contains(&dialect) || view(&name);
            if !known {
                return Err(unsupported(function, op));
            }
            if let Some(ty) = op.results().map(|value| value.r#type()).find(|ty| type_text(*ty).starts_with("tensor<"))
            {
                return Err(PassError::internal(format!("`{name}` still gives {ty}")).at(op.location()));
            }
        }
    }
    Ok(())
}

fn view(name: &str) -> bool {
    matches!(
        name,
        "memref.view"
            | "memref.subview"
            | "memref.cast"
            | "memref.reinterpret_cast"
            | "memref.collapse_shape"
            | "memref.expand_shape"
            | "memref.extract_strided_metadata"
            | "memref.dim"
            | "memref.get_global"
            | "memref.extract_aligned_pointer_as_index"
            | "memref.transpose"
            | "memref.memory_space_cast"
            | "memref.assume_alignment"
            // State of changing size, between its variables and its memref.
            | "builtin.unrealized_conversion_cast"
    )
}
