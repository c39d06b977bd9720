//! Program state. A scalar lives in the program's own memory, a tensor in the device's.
//!
//! ```mlir
//! util.global private mutable @count = 10 : i32     llvm.mlir.global internal @count(10 : i32) : i32
//! util.global private mutable @sum = dense<1.0> …   memref.global "private" @sum : memref<4xf32> = dense<1.0>
//! ```
//! A load of a tensor is a copy, since a store may follow, unless its uses end before any store or call. An
//! immutable tensor with a value is a constant.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, erase, op_name, operands, replace_uses, results, set_attribute, type_text, users},
    melior::ir::{Attribute, ShapedTypeLike, Type, TypeLike, operation::OperationLike, r#type::RankedTensorType},
};
use ropt_plugin::prelude::*;
use std::collections::BTreeMap;

use super::{
    calls::Calls,
    checks::scalar,
    signatures::name_of,
    state::{self, is_dynamic},
};
use crate::ops::{children_named, functions, is_value, quoted, set, symbol_attribute, symbol_text, type_attribute};

/// One global of either dialect.
struct Global<'c> {
    op: Op<'c>,
    ty: Type<'c>,
    /// The initial value; nothing when it has none.
    value: Option<Attribute<'c>>,
    /// Whether functions store to it.
    changes: bool,
}

/// Lowers globals, loads and stores.
pub(crate) fn lower(module: Op<'_>) -> PassResult {
    let mut globals = find(module)?;
    let calls = Calls::new(module);
    let uses: Vec<Op<'_>> = functions(module).into_iter().flat_map(ropt_mlir::ir::edit::nested).collect();
    for op in &uses {
        if is_store(*op)
            && let Some(global) = name_used(*op).and_then(|name| globals.get_mut(&name))
        {
            global.changes = true;
        }
    }
    for op in uses {
        let (load, store) = (is_load(op), is_store(op));
        if !load && !store {
            continue;
        }
        let name = name_used(op).unwrap_or_default();
        let Some(global) = globals.get(&name) else {
            return Err(PassError::new(format!("there is no global @{name}")).at(op.location()));
        };
        if is_dynamic(global.ty) {
            if load {
                state::load(op, &name, global.ty)?
            } else {
                state::store(&calls, op, &name, global.ty)?
            }
            continue;
        }
        match (is_tensor(global.ty), load) {
            (false, true) => load_scalar(op, &name, global.ty),
            (false, false) => store_scalar(op, &name, global.ty),
            (true, true) => load_tensor(op, &name, global),
            (true, false) => store_tensor(op, &name, global.ty),
        }
    }
    for (name, global) in globals {
        if is_dynamic(global.ty) {
            state::define(global.op, &name, global.ty)?;
        } else {
            define(&name, &global)?;
        }
        erase(global.op);
    }
    Ok(())
}

fn find<'c>(module: Op<'c>) -> PassResult<BTreeMap<String, Global<'c>>> {
    let mut found = BTreeMap::new();
    for (kind, value) in [("util.global", "initial_value"), ("ml_program.global", "value")] {
        for op in children_named(module, kind) {
            let name = name_of(op);
            let Some(ty) = type_attribute(op, "type") else { continue };
            let fits = match RankedTensorType::try_from(ty) {
                Ok(tensor) => scalar(tensor.element()) && !type_text(ty).contains(','),
                Err(_) => scalar(ty),
            };
            if !fits {
                return Err(PassError::new(format!("global @{name} has type {ty}")).at(op.location()).note(
                    "expected a scalar or a ranked tensor of i1, i8, i16, i32, i64, index, f16, bf16, f32 or f64",
                ));
            }
            let value = op.attribute(value).ok();
            if value.is_some() && is_dynamic(ty) {
                return Err(PassError::new(format!("global @{name} of type {ty} has an initial value"))
                    .at(op.location())
                    .note("its sizes are only known when something is stored; until then it is empty")
                    .help("store the value in a util.initializer, or give the global a static shape"));
            }
            if let Some(value) = value.filter(|value| !is_value(*value)) {
                return Err(PassError::new(format!("global @{name} starts as {value}, which is not supported"))
                    .at(op.location())
                    .help("give it a dense value or a util.initializer"));
            }
            found.insert(name, Global { op, ty, value, changes: false });
        }
    }
    Ok(found)
}

fn is_load(op: Op<'_>) -> bool {
    matches!(op_name(op).as_str(), "util.global.load" | "ml_program.global_load" | "ml_program.global_load_const")
}

fn is_store(op: Op<'_>) -> bool {
    matches!(op_name(op).as_str(), "util.global.store" | "ml_program.global_store")
}

fn name_used(op: Op<'_>) -> Option<String> {
    symbol_attribute(op, "global")
}

fn is_tensor(ty: Type<'_>) -> bool {
    RankedTensorType::try_from(ty).is_ok()
}

pub(crate) fn memref_of(tensor: Type<'_>) -> String {
    type_text(tensor).replacen("tensor<", "memref<", 1)
}

/// Puts the definition where the global stood.
fn define(name: &str, global: &Global<'_>) -> PassResult {
    let at = Builder::before(global.op);
    let name = quoted(name);
    if is_tensor(global.ty) {
        if !global.changes && global.value.is_some() {
            return Ok(());
        }
        let ty = memref_of(global.ty);
        let attributes = [("sym_name", name.as_str()), ("sym_visibility", "\"private\""), ("type", &ty)];
        let memory = at.op("memref.global", &[], &[], &attributes);
        // Memory without an initial value is unit, MLIR's word for uninitialized; start-up makes it zero.
        match global.value {
            Some(value) => set(memory, "initial_value", value),
            None => set_attribute(memory, "initial_value", "unit"),
        }
        return Ok(());
    }
    let ty = stored_type(global.ty);
    let value = match &global.value {
        Some(value) if global.ty.is_index() => value.to_string().replace("index", "i64"),
        Some(value) => value.to_string(),
        None if global.ty.is_float() => format!("0.0 : {ty}"),
        None if ty == "i1" => "false".into(),
        None => format!("0 : {ty}"),
    };
    let attributes = [
        ("sym_name", name.as_str()),
        ("global_type", &ty),
        ("linkage", "#llvm.linkage<internal>"),
        ("value", &value),
        ("visibility_", "0 : i64"),
        ("addr_space", "0 : i32"),
    ];
    at.op_with_regions("llvm.mlir.global", &[], &[], &attributes, vec![ropt_mlir::melior::ir::Region::new()]);
    Ok(())
}

/// The type of a scalar in memory.
fn stored_type(ty: Type<'_>) -> String {
    if ty.is_index() { "i64".into() } else { type_text(ty) }
}

fn scalar_address<'c>(at: &Builder<'c>, name: &str) -> Val<'c> {
    at.value("llvm.mlir.addressof", &[], "!llvm.ptr", &[("global_name", &symbol_text(name))])
}

fn load_scalar<'c>(op: Op<'c>, name: &str, ty: Type<'c>) {
    let at = Builder::before(op);
    let address = scalar_address(&at, name);
    let mut value = at.value("llvm.load", &[address], &stored_type(ty), &[("ordering", "0 : i64")]);
    if ty.is_index() {
        value = at.value("arith.index_cast", &[value], "index", &[]);
    }
    replace_uses(results(op)[0], value);
    erase(op);
}

fn store_scalar<'c>(op: Op<'c>, name: &str, ty: Type<'c>) {
    let at = Builder::before(op);
    let mut value = operands(op)[0];
    if ty.is_index() {
        value = at.value("arith.index_cast", &[value], "i64", &[]);
    }
    let address = scalar_address(&at, name);
    at.op("llvm.store", &[value, address], &[], &[("ordering", "0 : i64")]);
    erase(op);
}

fn load_tensor<'c>(op: Op<'c>, name: &str, global: &Global<'c>) {
    let at = Builder::before(op);
    let text = type_text(global.ty);
    let value = match global.value {
        Some(value) if !global.changes => {
            let constant = at.op("arith.constant", &[], &[global.ty], &[]);
            set(constant, "value", value);
            results(constant)[0]
        }
        _ => {
            let memref = at.value("memref.get_global", &[], &memref_of(global.ty), &[("name", &symbol_text(name))]);
            let now = at.value("bufferization.to_tensor", &[memref], &text, &[("restrict", "unit")]);
            if read_at_once(op) {
                now
            } else {
                let segments = [("operandSegmentSizes", "array<i32: 0, 1, 0>")];
                at.value("bufferization.alloc_tensor", &[now], &text, &segments)
            }
        }
    };
    replace_uses(results(op)[0], value);
    erase(op);
}

/// Whether every use only reads, in the block of the load and before anything that may store.
pub(crate) fn read_at_once(load: Op<'_>) -> bool {
    let mut waiting = users(results(load)[0]).len();
    let mut next = load.next_in_block().map(ropt_mlir::ir::edit::pin);
    while let Some(op) = next {
        let uses = operands(op).into_iter().filter(|value| *value == results(load)[0]).count();
        if uses > 0 && !matches!(op_name(op).as_str(), "flow.dispatch" | "tensor.extract" | "tensor.dim") {
            return false;
        }
        waiting -= uses;
        if waiting == 0 {
            return true;
        }
        let inside = ropt_mlir::ir::edit::nested(op);
        if std::iter::once(op).chain(inside).any(|op| is_store(op) || op_name(op) == "func.call") {
            return false;
        }
        next = op.next_in_block().map(ropt_mlir::ir::edit::pin);
    }
    waiting == 0
}

fn store_tensor<'c>(op: Op<'c>, name: &str, ty: Type<'c>) {
    let at = Builder::before(op);
    let memref = at.value("memref.get_global", &[], &memref_of(ty), &[("name", &symbol_text(name))]);
    let flags = [("restrict", "unit"), ("writable", "unit")];
    at.op("bufferization.materialize_in_destination", &[operands(op)[0], memref], &[], &flags);
    erase(op);
}
