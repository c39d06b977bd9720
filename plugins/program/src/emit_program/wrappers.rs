//! Entry points: `void ropt_fn_<name>(void **args, void **results)` around each public function.

use ropt_abi::program::Function;
use ropt_mlir::{
    ir::{
        MemRef,
        edit::{Op, type_text},
    },
    melior::ir::Type,
};
use ropt_plugin::prelude::*;

use super::code::{append, host_name};
use crate::ops::{functions, quoted, signature, string};

/// The LLVM type of a buffer's descriptor.
pub(crate) fn descriptor(rank: usize) -> String {
    match rank {
        0 => "!llvm.struct<(ptr, ptr, i64)>".to_owned(),
        _ => format!("!llvm.struct<(ptr, ptr, i64, array<{rank} x i64>, array<{rank} x i64>)>"),
    }
}

/// Adds an entry point for each function of the table.
pub(crate) fn add(copy: Op<'_>, table: &[Function]) -> PassResult {
    let all = functions(copy);
    for entry in table {
        let inner = host_name(&entry.name);
        let Some(function) = all.iter().find(|function| string(**function, "sym_name").as_deref() == Some(&inner))
        else {
            return Err(PassError::internal(format!("@{} is lost", entry.name)));
        };
        let (arguments, results) = signature(*function);
        let list = |types: &[Type<'_>]| types.iter().map(|ty| type_text(*ty)).collect::<Vec<_>>().join(", ");
        let (takes, gives) = (list(&arguments), list(&results));
        let known = format!("func.func private @{}({takes}) -> ({gives})", quoted(&inner));
        append(copy, &[known], &wrapper(&entry.symbol, &inner, &arguments, &results))?;
    }
    Ok(())
}

fn wrapper(symbol: &str, inner: &str, arguments: &[Type<'_>], results: &[Type<'_>]) -> String {
    let mut lines = Vec::new();
    for (index, ty) in arguments.iter().enumerate() {
        let (stored, own) = (stored(*ty), type_text(*ty));
        lines.push(format!("%p{index}_at = llvm.getelementptr %args[{index}] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr"));
        lines.push(format!("%p{index} = llvm.load %p{index}_at : !llvm.ptr -> !llvm.ptr"));
        lines.push(format!("%s{index} = llvm.load %p{index} : !llvm.ptr -> {stored}"));
        lines.push(match own.as_str() {
            "i1" => {
                format!("%z{index} = llvm.mlir.zero : i8\n  %a{index} = llvm.icmp \"ne\" %s{index}, %z{index} : i8")
            }
            _ => format!("%a{index} = builtin.unrealized_conversion_cast %s{index} : {stored} to {own}"),
        });
    }
    let list = |prefix: &str, count: usize| (0..count).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>().join(", ");
    let types = |types: &[Type<'_>]| types.iter().map(|ty| type_text(*ty)).collect::<Vec<_>>().join(", ");
    let bind = if results.is_empty() { String::new() } else { format!("%r:{} = ", results.len()) };
    lines.push(format!(
        "{bind}func.call @{}({}) : ({}) -> ({})",
        quoted(inner),
        list("%a", arguments.len()),
        types(arguments),
        types(results)
    ));
    for (index, ty) in results.iter().enumerate() {
        let (stored, own) = (stored(*ty), type_text(*ty));
        lines.push(match own.as_str() {
            "i1" => format!("%o{index} = llvm.zext %r#{index} : i1 to i8"),
            _ => format!("%o{index} = builtin.unrealized_conversion_cast %r#{index} : {own} to {stored}"),
        });
        lines
            .push(format!("%q{index}_at = llvm.getelementptr %results[{index}] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr"));
        lines.push(format!("%q{index} = llvm.load %q{index}_at : !llvm.ptr -> !llvm.ptr"));
        lines.push(format!("llvm.store %o{index}, %q{index} : {stored}, !llvm.ptr"));
    }
    lines.push("llvm.return".to_owned());
    format!("llvm.func @{}(%args: !llvm.ptr, %results: !llvm.ptr) {{\n  {}\n}}", quoted(symbol), lines.join("\n  "))
}

/// The LLVM type of a value in the caller's memory.
fn stored(ty: Type<'_>) -> String {
    if let Some(memref) = MemRef::of(ty) {
        return descriptor(memref.rank());
    }
    match type_text(ty).as_str() {
        "i1" => "i8".into(),
        "index" => "i64".into(),
        other => other.to_owned(),
    }
}
