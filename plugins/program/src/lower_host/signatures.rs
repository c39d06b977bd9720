//! What a program's functions take and give, kept for `ropt-run` before tensors become buffers.

use ropt_mlir::{
    ir::edit::{Op, set_attribute, type_text},
    melior::ir::{Type, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use crate::{
    names,
    ops::{functions, is_public, quoted, signature, string},
};

/// Writes the types of every public function into its attributes.
pub(crate) fn record(module: Op<'_>) -> PassResult {
    for function in functions(module).into_iter().filter(|function| is_public(*function)) {
        let (arguments, results) = signature(function);
        set_attribute(function, names::ARGUMENTS, &type_list(&arguments));
        set_attribute(function, names::RESULTS, &type_list(&results));
    }
    Ok(())
}

fn type_list(types: &[Type<'_>]) -> String {
    let texts: Vec<_> = types.iter().map(|ty| quoted(&type_text(*ty))).collect();
    format!("[{}]", texts.join(", "))
}

/// Tells bufferization that no function writes to its arguments.
pub(crate) fn borrow_arguments(module: Op<'_>) {
    for function in functions(module) {
        let (arguments, results) = signature(function);
        let writable = |ty: &Type<'_>| match is_tensor(*ty) {
            true => "{bufferization.writable = false}",
            false => "{}",
        };
        let list: Vec<_> = arguments.iter().map(writable).collect();
        set_attribute(function, "arg_attrs", &format!("[{}]", list.join(", ")));
        if function.has_attribute("res_attrs") {
            set_attribute(function, "res_attrs", &format!("[{}]", vec!["{}"; results.len()].join(", ")));
        }
    }
}

/// Whether the type is a tensor.
pub(crate) fn is_tensor(ty: Type<'_>) -> bool {
    type_text(ty).starts_with("tensor<")
}

/// A function's name, for messages.
pub(crate) fn name_of(function: Op<'_>) -> String {
    string(function, "sym_name").unwrap_or_default()
}
