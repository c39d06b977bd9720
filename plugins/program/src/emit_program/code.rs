//! The copy of the host code on its way to an object.

use std::collections::HashMap;

use object::{Object, ObjectSymbol};
use ropt_abi::program::RUNTIME_SYMBOL;
use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Op, erase, move_to_end, nested, op_name, pin, remove_attribute, set_attribute, type_text},
        ops_in, parse_operation,
    },
    llvm::{BUILTINS, FileKind, LlvmModule, Machine, MachineOptions, builtins},
    melior::ir::{BlockLike, OperationRef, operation::OperationLike},
};
use ropt_plugin::prelude::*;
use thiserror::Error;

use super::runtime;
use crate::{
    names,
    ops::{children_named, entry_block, functions, is_public, quoted, rename_uses, signature, string},
};

/// The text put together here is not MLIR: a mistake of this plugin.
#[derive(Debug, Error)]
#[error("generated code does not parse: {0}")]
pub(crate) struct GeneratedError(String);

/// Host code calls something that no library offers.
#[derive(Debug, Error)]
#[error("host code needs `{0}`, which neither libc nor libm has (arithmetic on wide integers outside of kernels)")]
pub(crate) struct ImportError(String);

/// An object of host code.
pub(crate) struct HostCode {
    pub(crate) bytes: Vec<u8>,
    /// Libraries that it needs.
    pub(crate) libraries: Vec<String>,
    /// An object with the conversions of narrow floats, when it calls one.
    pub(crate) builtins: Option<Vec<u8>>,
}

/// Whether `hal-lower-host` has been here.
pub(crate) fn is_lowered(module: Op<'_>) -> PassResult {
    for function in functions(module) {
        let raw = is_public(function) && !function.has_attribute(names::ARGUMENTS);
        let (arguments, results) = signature(function);
        let tensor = arguments.into_iter().chain(results).any(|ty| type_text(ty).starts_with("tensor<"));
        if raw || tensor {
            return Err(PassError::new("host code is not lowered yet")
                .at(function.location())
                .help("run hal-lower-host before hal-emit-program"));
        }
    }
    let foreign = ops_in(module).into_iter().find(|op| {
        !matches!(op_name(*op).as_str(), "func.func" | "hal.executable" | "memref.global" | "llvm.mlir.global")
    });
    match foreign {
        Some(op) => Err(PassError::new(format!("`{}` has no place in a program", op_name(op)))
            .at(op.location())
            .help("run hal-lower-host before hal-emit-program")),
        None => Ok(()),
    }
}

/// A module inside the module with a copy of all but the executables.
pub(crate) fn copy<'c>(module: Op<'c>) -> PassResult<Op<'c>> {
    let context = ropt_mlir::ir::edit::context_of(module);
    let empty = parse_operation(context, "module {\n}", "host").ok_or_else(|| GeneratedError("module".into()))?;
    let block = entry_block(module).ok_or_else(|| PassError::internal("a module has a block"))?;
    let originals = ops_in(module);
    let copy = pin(block.append_operation(empty));
    let inside = entry_block(copy).ok_or_else(|| PassError::internal("a module has a block"))?;
    for op in originals.into_iter().filter(|op| op_name(*op) != "hal.executable") {
        let op = pin(inside.append_operation(clone_mapped(op, &[], &[])));
        remove_attribute(op, names::ARGUMENTS);
        remove_attribute(op, names::RESULTS);
    }
    Ok(copy)
}

/// Keeps the program's own names out of the way of libm's and the runtime's.
pub(crate) fn rename(copy: Op<'_>) {
    for op in ops_in(copy) {
        let Some(name) = string(op, "sym_name") else { continue };
        if !name.starts_with(names::RESERVED) {
            let new = host_name(&name);
            rename_uses(copy, &name, &new);
            set_attribute(op, "sym_name", &quoted(&new));
        }
    }
}

/// The name of a program's function or state in the copy.
pub(crate) fn host_name(name: &str) -> String {
    format!("{}host.{name}", names::RESERVED)
}

/// Adds ops from text to the copy. `known` declares what the text refers to and the copy has already.
pub(crate) fn append(copy: Op<'_>, known: &[String], text: &str) -> PassResult {
    let context = ropt_mlir::ir::edit::context_of(copy);
    let whole = format!("module {{\n{}\n{text}\n}}", known.join("\n"));
    let module = parse_operation(context, &whole, "host").ok_or(GeneratedError(whole))?;
    // SAFETY: the module outlives the handle, whose ops are moved out before it ends.
    let inside = pin(unsafe { OperationRef::from_raw(module.to_raw()) });
    let block = entry_block(copy).ok_or_else(|| PassError::internal("a module has a block"))?;
    for op in ops_in(inside).into_iter().skip(known.len()) {
        move_to_end(op, block);
    }
    Ok(())
}

/// The LLVM type of the scalar that each declared runtime function reads or writes.
pub(crate) fn runtime_scalars(copy: Op<'_>) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for function in children_named(copy, "func.func") {
        let name = string(function, "sym_name").unwrap_or_default();
        let (arguments, results) = signature(function);
        let scalar = if name.starts_with(names::READ) { results.first() } else { arguments.get(1) };
        if let Some(scalar) = scalar {
            let text = type_text(*scalar);
            found.insert(name, if text == "index" { "i64".into() } else { text });
        }
    }
    found
}

/// Replaces the declarations of the runtime's functions by definitions.
pub(crate) fn define_runtime(copy: Op<'_>, scalars: &HashMap<String, String>) -> PassResult {
    for function in children_named(copy, "llvm.func") {
        let name = string(function, "sym_name").unwrap_or_default();
        if entry_block(function).is_some() || !name.starts_with(names::RESERVED) {
            continue;
        }
        let message = string(function, names::MESSAGE).map(|text| failure_text(&name, &text));
        let scalar = scalars.get(&name).map(String::as_str);
        let symbol = message.as_ref().map(|(symbol, _)| symbol.as_str());
        let Some(definition) = runtime::definition(&name, symbol, scalar) else {
            return Err(PassError::new(format!("the runtime has no function @{name}")).at(function.location()));
        };
        erase(function);
        let global = message.map(|(_, global)| global).unwrap_or_default();
        append(copy, &[format!("llvm.mlir.global external @{RUNTIME_SYMBOL}() : !llvm.ptr")], &(global + &definition))?;
    }
    Ok(())
}

/// A failure's message as a NUL-terminated string: its symbol and its definition, as text.
fn failure_text(name: &str, text: &str) -> (String, String) {
    let symbol = quoted(&format!("{name}.message"));
    let text = format!("{}\\00\"", quoted(text).trim_end_matches('"'));
    let definition = format!("llvm.mlir.global internal constant @{symbol}({text})\n");
    (symbol, definition)
}

/// LLVM dialect → object.
pub(crate) fn compile(copy: Op<'_>, exports: &[String]) -> PassResult<HostCode> {
    if let Some(op) = nested(copy).into_iter().find(|op| !op_name(*op).starts_with("llvm.")) {
        return Err(PassError::new(format!("`{}` is not supported on the host", op_name(op))).at(op.location()));
    }
    // Programs run on machines other than the one that compiles them; kernels hold what is tuned.
    let machine = Machine::new(&MachineOptions::default())?;
    // SAFETY: the copy is a live module, and the host registers all translations.
    let mut module = unsafe { LlvmModule::from_mlir(copy.to_raw()) }?;
    module.set_name("host");
    module.set_target(&machine)?;
    module.keep_only(exports);
    module.optimize(&machine, "default<O2>")?;
    let bytes = module.emit(&machine, FileKind::Object)?;
    let (mut libraries, mut converts) = (Vec::new(), false);
    let object = object::File::parse(&*bytes)?;
    let imports = object.symbols().filter(|symbol| symbol.is_undefined()).filter_map(|symbol| symbol.name().ok());
    for name in imports.filter(|name| !name.is_empty() && !name.starts_with(names::RESERVED)) {
        if BUILTINS.contains(&name) {
            converts = true;
        } else if name.starts_with("__") {
            return Err(ImportError(name.to_owned()).into());
        } else {
            libraries = vec!["libm.so.6".to_owned(), "libc.so.6".to_owned()];
        }
    }
    let builtins = converts.then(|| builtins(&machine)).transpose()?;
    Ok(HostCode { bytes, libraries, builtins })
}
