//! Entry points: `void ropt_fn_<name>(void **args, void **results)` around each public function.

use ropt_abi::program::{Function, Manifest};
use ropt_mlir::{
    ir::{
        MemRef,
        edit::{Op, type_text},
    },
    melior::ir::Type,
};
use ropt_plugin::prelude::*;

use super::code::{append, host_name};
use crate::{
    names,
    ops::{functions, quoted, signature, string},
};

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

/// Adds what the loader calls of variants: their conditions and the words of their constants.
pub(crate) fn add_variants(copy: Op<'_>, manifest: &Manifest) -> PassResult {
    for (number, executable) in manifest.executables.iter().enumerate() {
        for (index, variant) in executable.variants.iter().enumerate() {
            if !variant.condition.is_empty() {
                let inner = format!("{}{number}_{index}", names::CONDITION);
                let known = format!("func.func private @\"{inner}\"() -> i1");
                let text = format!(
                    "llvm.func @{}() -> i32 {{\n  %holds = func.call @\"{inner}\"() : () -> i1\n  \
                     %code = llvm.zext %holds : i1 to i32\n  llvm.return %code : i32\n}}",
                    variant.condition
                );
                append(copy, &[known], &text)?;
            }
            if !variant.specialize.is_empty() {
                let inner = format!("{}{number}_{index}", names::SPECIALIZE);
                let types = vec!["i32"; variant.words as usize].join(", ");
                let known = format!("func.func private @\"{inner}\"() -> ({types})");
                append(copy, &[known], &specialize(&variant.specialize, &inner, &types, variant.words))?;
            }
        }
    }
    Ok(())
}

fn specialize(symbol: &str, inner: &str, types: &str, words: u32) -> String {
    let bind = if words == 0 { String::new() } else { format!("%w:{words} = ") };
    let mut lines = vec![format!("{bind}func.call @\"{inner}\"() : () -> ({types})")];
    for word in 0..words {
        lines.push(format!("%at{word} = llvm.getelementptr %words[{word}] : (!llvm.ptr) -> !llvm.ptr, i32"));
        lines.push(format!("llvm.store %w#{word}, %at{word} : i32, !llvm.ptr"));
    }
    lines.push("llvm.return".to_owned());
    format!("llvm.func @{symbol}(%words: !llvm.ptr) {{\n  {}\n}}", lines.join("\n  "))
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
