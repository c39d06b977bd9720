//! Constants and tensor state: bytes in the program's image, device addresses in variables that start-up sets.

use std::collections::HashMap;

use ropt_mlir::{
    ir::{
        Elements, MemRef,
        edit::{Builder, Op, erase, replace_uses, results, type_text},
        elements,
    },
    melior::ir::{Type, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::code::append;
use crate::{
    names,
    ops::{all_named, children_named, is_unit, string, symbol_attribute, type_attribute},
};

/// A splat up to this size lies in the image like any constant; a larger one is filled in at start-up.
const SMALL: i64 = 4096;

/// Device memory that start-up provides.
pub(crate) struct State {
    /// The variable that holds the address.
    pub(crate) variable: String,
    pub(crate) bytes: i64,
    pub(crate) start: Start,
}

impl State {
    /// The declaration of its bytes in the image.
    pub(crate) fn image(&self) -> Option<String> {
        match &self.start {
            Start::Image(symbol) | Start::Copy(symbol) => {
                let bytes = self.bytes;
                Some(format!("llvm.mlir.global external constant @\"{symbol}\"() : !llvm.array<{bytes} x i8>"))
            }
            Start::Fill { .. } => None,
        }
    }
}

/// What the memory holds at first.
pub(crate) enum Start {
    /// Immutable bytes of the image, under this symbol.
    Image(String),
    /// A copy of bytes of the image.
    Copy(String),
    /// One pattern of so many bytes, repeated.
    Fill { pattern: u64, width: i64 },
}

/// Takes the globals out of the copy: their bytes go into `data`, and reading one becomes a call.
pub(crate) fn lower(copy: Op<'_>, data: &mut Vec<(String, Vec<u8>)>) -> PassResult<Vec<State>> {
    let mut states = Vec::new();
    let mut reads: HashMap<String, Vec<Op<'_>>> = HashMap::new();
    for read in all_named(copy, "memref.get_global") {
        reads.entry(symbol_attribute(read, "name").unwrap_or_default()).or_default().push(read);
    }
    for (number, global) in children_named(copy, "memref.global").into_iter().enumerate() {
        let name = string(global, "sym_name").unwrap_or_default();
        let Some(ty) = type_attribute(global, "type") else { continue };
        let accessor = format!("{}global.{number}", names::RESERVED);
        let state = state(global, ty, number, data)?;
        let text = format!(
            "llvm.mlir.global internal @\"{}\"(0 : i64) : i64\n{}\n{}",
            state.variable,
            state.image().unwrap_or_default(),
            definition(&accessor, &state.variable, ty)
        );
        append(copy, &[], &text)?;
        let callee = format!("@\"{accessor}\"");
        for read in reads.remove(&name).unwrap_or_default() {
            let value = Builder::before(read).value("func.call", &[], &type_text(ty), &[("callee", &callee)]);
            replace_uses(results(read)[0], value);
            erase(read);
        }
        erase(global);
        states.push(state);
    }
    Ok(states)
}

fn state(global: Op<'_>, ty: Type<'_>, number: usize, data: &mut Vec<(String, Vec<u8>)>) -> PassResult<State> {
    let size = MemRef::of(ty).and_then(|memref| {
        let width = memref.element_bytes()?;
        Some((memref.count()?.checked_mul(width)?, width))
    });
    let Some((bytes, width)) = size else {
        return Err(PassError::new(format!("a global of type {ty} has no size in bytes")).at(global.location()));
    };
    let variable = format!("{}address.{number}", names::RESERVED);
    let constant = global.has_attribute("constant");
    let value = global.attribute("initial_value").ok().filter(|value| !is_unit(*value));
    let content = match value {
        Some(value) => elements(value).map_err(|error| PassError::from(error).at(global.location()))?,
        None => Elements::Splat(vec![0; width as usize]),
    };
    let symbol = format!("{}data.{number}", names::RESERVED);
    let start = match content {
        Elements::Splat(element) if !constant || bytes > SMALL => {
            let mut pattern = [0_u8; 8];
            pattern[..element.len().min(8)].copy_from_slice(&element[..element.len().min(8)]);
            Start::Fill { pattern: u64::from_le_bytes(pattern), width }
        }
        Elements::Splat(element) => {
            data.push((symbol.clone(), element.repeat((bytes / width) as usize)));
            Start::Image(symbol)
        }
        Elements::Dense(all) => {
            if all.len() as i64 != bytes {
                return Err(PassError::new(format!("a constant of type {ty} has {} bytes of data", all.len()))
                    .at(global.location()));
            }
            data.push((symbol.clone(), all));
            if constant { Start::Image(symbol) } else { Start::Copy(symbol) }
        }
    };
    Ok(State { variable, bytes, start })
}

/// A function that gives a buffer of static type at the address in a variable.
fn definition(name: &str, variable: &str, ty: Type<'_>) -> String {
    let memref = MemRef::of(ty);
    let shape: Vec<i64> = memref.iter().flat_map(|memref| memref.shape.iter().flatten().copied()).collect();
    let strides: Vec<i64> = memref.iter().flat_map(|memref| memref.strides.iter().flatten().copied()).collect();
    let descriptor = super::wrappers::descriptor(shape.len());
    let ty = type_text(ty);
    let mut lines = vec![
        format!("%variable = llvm.mlir.addressof @\"{variable}\" : !llvm.ptr"),
        "%address = llvm.load %variable : !llvm.ptr -> i64".to_owned(),
        "%pointer = llvm.inttoptr %address : i64 to !llvm.ptr".to_owned(),
        format!("%d0 = llvm.mlir.undef : {descriptor}"),
    ];
    let mut fields = vec![("%pointer".to_owned(), "0".to_owned()), ("%pointer".to_owned(), "1".to_owned())];
    let mut number = |value: i64, place: String, lines: &mut Vec<String>| {
        let constant = format!("%c{}", lines.len());
        lines.push(format!("{constant} = llvm.mlir.constant({value} : i64) : i64"));
        fields.push((constant, place));
    };
    number(0, "2".into(), &mut lines);
    for (axis, (size, stride)) in shape.iter().zip(&strides).enumerate() {
        number(*size, format!("3, {axis}"), &mut lines);
        number(*stride, format!("4, {axis}"), &mut lines);
    }
    for (index, (value, place)) in fields.iter().enumerate() {
        lines.push(format!("%d{} = llvm.insertvalue {value}, %d{index}[{place}] : {descriptor}", index + 1));
    }
    lines.push(format!("%buffer = builtin.unrealized_conversion_cast %d{} : {descriptor} to {ty}", fields.len()));
    format!("func.func private @\"{name}\"() -> {ty} {{\n  {}\n  func.return %buffer : {ty}\n}}", lines.join("\n  "))
}
