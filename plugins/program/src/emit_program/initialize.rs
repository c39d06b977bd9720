//! Start-up: `ropt_initialize` gives constants and state their device memory and runs the initializers.

use std::mem::offset_of;

use ropt_abi::program::{INITIALIZE_SYMBOL, RUNTIME_SYMBOL, RuntimeTable};
use ropt_mlir::ir::edit::Op;
use ropt_plugin::prelude::*;

use super::{
    code::append,
    constants::{Start, State},
};
use crate::{
    names,
    ops::{functions, string},
};

/// Adds the runtime's variable and the function.
pub(crate) fn add(copy: Op<'_>, states: &[State]) -> PassResult {
    let variable = format!(
        "llvm.mlir.global external @{RUNTIME_SYMBOL}() : !llvm.ptr {{\n  \
         %none = llvm.mlir.zero : !llvm.ptr\n  llvm.return %none : !llvm.ptr\n}}"
    );
    let mut known: Vec<String> = states.iter().filter_map(State::image).collect();
    known
        .extend(states.iter().map(|state| format!("llvm.mlir.global internal @\"{}\"(0 : i64) : i64", state.variable)));
    let mut lines = vec![
        format!("%variable = llvm.mlir.addressof @{RUNTIME_SYMBOL} : !llvm.ptr"),
        "%table = llvm.load %variable : !llvm.ptr -> !llvm.ptr".to_owned(),
    ];
    let table = [
        ("self", offset_of!(RuntimeTable, context)),
        ("allocate", offset_of!(RuntimeTable, allocate)),
        ("fill", offset_of!(RuntimeTable, fill)),
        ("write", offset_of!(RuntimeTable, write)),
        ("constant", offset_of!(RuntimeTable, constant)),
    ];
    for (name, offset) in table {
        lines.push(format!("%{name}_at = llvm.getelementptr %table[{offset}] : (!llvm.ptr) -> !llvm.ptr, i8"));
        lines.push(format!("%{name} = llvm.load %{name}_at : !llvm.ptr -> !llvm.ptr"));
    }
    for (index, state) in states.iter().enumerate() {
        start(&mut lines, index, state);
    }
    let mut numbers: Vec<usize> = functions(copy)
        .into_iter()
        .filter_map(|function| string(function, "sym_name")?.strip_prefix(names::INITIALIZER)?.parse().ok())
        .collect();
    numbers.sort_unstable();
    for number in numbers {
        known.push(format!("func.func private @\"{}{number}\"()", names::INITIALIZER));
        lines.push(format!("func.call @\"{}{number}\"() : () -> ()", names::INITIALIZER));
    }
    lines.push("%done = llvm.mlir.constant(0 : i32) : i32".to_owned());
    lines.push("llvm.return %done : i32".to_owned());
    let function = format!("llvm.func @{INITIALIZE_SYMBOL}() -> i32 {{\n  {}\n}}", lines.join("\n  "));
    append(copy, &known, &format!("{variable}\n{function}"))
}

/// Provides the memory of one constant or state.
fn start(lines: &mut Vec<String>, index: usize, state: &State) {
    lines.push(format!("%bytes{index} = llvm.mlir.constant({} : i64) : i64", state.bytes));
    if let Start::Image(symbol) | Start::Copy(symbol) = &state.start {
        lines.push(format!("%image{index} = llvm.mlir.addressof @\"{symbol}\" : !llvm.ptr"));
    }
    match &state.start {
        Start::Image(_) => lines.push(format!(
            "%address{index} = llvm.call %constant(%self, %image{index}, %bytes{index}) : \
             !llvm.ptr, (!llvm.ptr, !llvm.ptr, i64) -> i64"
        )),
        Start::Copy(_) | Start::Fill { .. } => lines.push(format!(
            "%address{index} = llvm.call %allocate(%self, %bytes{index}) : !llvm.ptr, (!llvm.ptr, i64) -> i64"
        )),
    }
    match &state.start {
        Start::Image(_) => {}
        Start::Copy(_) => lines.push(format!(
            "llvm.call %write(%self, %address{index}, %image{index}, %bytes{index}) : \
             !llvm.ptr, (!llvm.ptr, i64, !llvm.ptr, i64) -> ()"
        )),
        Start::Fill { pattern, width } => {
            let count = state.bytes / (*width).max(1);
            lines.push(format!("%pattern{index} = llvm.mlir.constant({} : i64) : i64", pattern.cast_signed()));
            lines.push(format!("%width{index} = llvm.mlir.constant({width} : i32) : i32"));
            lines.push(format!("%count{index} = llvm.mlir.constant({count} : i64) : i64"));
            lines.push(format!(
                "llvm.call %fill(%self, %address{index}, %pattern{index}, %width{index}, %count{index}) : \
                 !llvm.ptr, (!llvm.ptr, i64, i64, i32, i64) -> ()"
            ));
        }
    }
    lines.push(format!("%slot{index} = llvm.mlir.addressof @\"{}\" : !llvm.ptr", state.variable));
    lines.push(format!("llvm.store %address{index}, %slot{index} : i64, !llvm.ptr"));
}
