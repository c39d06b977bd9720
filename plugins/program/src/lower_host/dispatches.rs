//! `ropt.dispatch` becomes a call with the executable's number, the export's, the grid, the constants, and address
//! and length of each binding.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, erase, results, single_block},
    melior::ir::{Region, RegionLike, TypeLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::{
    calls::Calls,
    count::grid,
    executables::{Executable, Export, executables},
    layout::{buffer, byte_count, place},
    memory::{bit_width, bits},
};
use crate::{
    names,
    ops::{all_named, functions, segments},
};

/// Lowers every dispatch; how many there were.
pub(crate) fn lower(module: Op<'_>) -> PassResult<u64> {
    let calls = Calls::new(module);
    let known = executables(module);
    let mut done = 0;
    for function in functions(module) {
        for dispatch in all_named(function, "ropt.dispatch") {
            lower_one(&calls, &known, dispatch)?;
            done += 1;
        }
    }
    Ok(done)
}

fn lower_one<'c>(calls: &Calls<'c>, known: &[Executable<'c>], dispatch: Op<'c>) -> PassResult {
    let (index, choices) = choices(known, dispatch)?;
    let parts = segments(dispatch);
    let [workload, arguments] = &parts[..] else { return Ok(()) };
    let at = Builder::before(dispatch);
    let (constants, bindings) = pack(&at, dispatch, arguments)?;
    for (variant, export) in &choices {
        if export.constants != constants.len() || export.bindings.len() * 2 != bindings.len() {
            return Err(PassError::new(format!(
                "the dispatch gives {} constants (32-bit words) and {} bindings, export @{} of variant @{variant} takes {} and {}",
                constants.len(),
                bindings.len() / 2,
                export.name,
                export.constants,
                export.bindings.len()
            ))
            .at(dispatch.location())
            .note_at(export.op.location(), "the export"));
        }
    }
    let executable = number(&at, index as i64);
    let start = match &choices[..] {
        [(_, only)] => start(&at, dispatch, only, workload)?,
        several => by_variant(calls, &at, dispatch, executable, several, workload)?,
    };
    let mut all = vec![executable];
    all.extend(start);
    let name = format!("{}{}_{}", names::DISPATCH, constants.len(), bindings.len() / 2);
    all.extend(constants);
    all.extend(bindings);
    calls.call(&at, &name, &all, &[]);
    erase(dispatch);
    Ok(())
}

/// The executable's number and, for each variant, the export that the dispatch names.
fn choices<'k, 'c>(
    known: &'k [Executable<'c>],
    dispatch: Op<'c>,
) -> PassResult<(usize, Vec<(&'k str, &'k Export<'c>)>)> {
    let text = dispatch.attribute("entry_points").map(|points| points.to_string()).unwrap_or_default();
    let points = entry_points(&text);
    let [point] = &points[..] else {
        return Err(PassError::new(format!("expected one entry point, found {}: {text}", points.len()))
            .at(dispatch.location())
            .help("name `@executable::@export`; the variant is chosen when the program runs"));
    };
    let (first, last) = (point.first().cloned().unwrap_or_default(), point.last().cloned().unwrap_or_default());
    let Some((index, executable)) = known.iter().enumerate().find(|(_, executable)| executable.name == first) else {
        return Err(PassError::new(format!("there is no executable @{first}")).at(dispatch.location()));
    };
    if executable.variants.is_empty() {
        return Err(PassError::new(format!("executable @{first} has no variant")).at(dispatch.location()));
    }
    let mut found = Vec::new();
    for variant in &executable.variants {
        let Some(export) = variant.exports.iter().find(|export| export.name == last) else {
            let names: Vec<_> = variant.exports.iter().map(|export| format!("@{}", export.name)).collect();
            return Err(PassError::new(format!(
                "variant @{} of executable @{first} has no export @{last}",
                variant.name
            ))
            .at(dispatch.location())
            .note_at(variant.op.location(), format!("its exports: {}", names.join(", "))));
        };
        found.push((variant.name.as_str(), export));
    }
    Ok((index, found))
}

/// The names in `[@a::@b, @"c d"::@e]`.
fn entry_points(text: &str) -> Vec<Vec<String>> {
    let mut points: Vec<Vec<String>> = Vec::new();
    let mut rest = text.trim_start_matches('[');
    let mut nested = false;
    while let Some(at) = rest.find('@') {
        rest = &rest[at + 1..];
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let (name, after) = rest.split_at(rest.find([':', ',', ']']).unwrap_or(rest.len()));
                (name.to_owned(), after)
            }
        };
        if nested && let Some(point) = points.last_mut() {
            point.push(name);
        } else {
            points.push(vec![name]);
        }
        nested = after.starts_with("::");
        rest = after;
    }
    points
}

/// Reads up to the closing quote; MLIR writes other bytes than printable ones as `\XX`.
fn unquote(text: &str) -> (String, &str) {
    let bytes = text.as_bytes();
    let (mut name, mut at) = (Vec::new(), 0);
    while at < bytes.len() && bytes[at] != b'"' {
        if bytes[at] == b'\\' {
            let code = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
            name.push(code.unwrap_or(bytes.get(at + 1).copied().unwrap_or(b'\\')));
            at += if code.is_some() { 3 } else { 2 };
        } else {
            name.push(bytes[at]);
            at += 1;
        }
    }
    (String::from_utf8_lossy(&name).into_owned(), text.get(at + 1..).unwrap_or_default())
}

/// Constants as 32-bit words, and an address and a length for each binding.
fn pack<'c>(at: &Builder<'c>, dispatch: Op<'c>, arguments: &[Val<'c>]) -> PassResult<(Vec<Val<'c>>, Vec<Val<'c>>)> {
    let (mut constants, mut bindings) = (Vec::new(), Vec::new());
    for argument in arguments {
        if argument.r#type().is_mem_ref() {
            let (memref, bytes) = buffer(*argument, dispatch.location())?;
            if !memref.is_contiguous() {
                let words = format!("a binding must lie without gaps, found {}", argument.r#type());
                return Err(PassError::internal(words).at(dispatch.location()));
            }
            bindings.push(place(at, *argument, &memref, bytes).address);
            bindings.push(byte_count(at, *argument, &memref, bytes));
        } else {
            words(at, dispatch, *argument, &mut constants)?;
        }
    }
    Ok((constants, bindings))
}

/// A scalar as words: one for up to 32 bits, else the low and the high one.
fn words<'c>(at: &Builder<'c>, dispatch: Op<'c>, value: Val<'c>, into: &mut Vec<Val<'c>>) -> PassResult {
    let ty = value.r#type();
    let wide = ty.is_index() || bit_width(ty) == Some(64);
    let Some(all) = bits(at, value, if wide { 64 } else { 32 }) else {
        return Err(PassError::new(format!("a dispatch cannot be given a value of type {ty}")).at(dispatch.location()));
    };
    if wide {
        let half = at.value("arith.constant", &[], "i64", &[("value", "32 : i64")]);
        let high = at.value("arith.shrui", &[all, half], "i64", &[]);
        into.push(at.value("arith.trunci", &[all], "i32", &[]));
        into.push(at.value("arith.trunci", &[high], "i32", &[]));
    } else {
        into.push(all);
    }
    Ok(())
}

/// The export's number and the grid, as i32.
fn start<'c>(
    at: &Builder<'c>,
    dispatch: Op<'c>,
    export: &Export<'c>,
    workload: &[Val<'c>],
) -> PassResult<Vec<Val<'c>>> {
    let mut values = vec![number(at, i64::from(export.ordinal))];
    let grid = grid(at, dispatch, export, workload)?;
    values.extend(grid.into_iter().map(|count| at.value("arith.index_cast", &[count], "i32", &[])));
    Ok(values)
}

/// As [`start`], for the variant that the runtime chose.
fn by_variant<'c>(
    calls: &Calls<'c>,
    at: &Builder<'c>,
    dispatch: Op<'c>,
    executable: Val<'c>,
    choices: &[(&str, &Export<'c>)],
    workload: &[Val<'c>],
) -> PassResult<Vec<Val<'c>>> {
    let chosen = calls.value(at, names::VARIANT, &[executable], "i32");
    let chosen = at.value("arith.index_cast", &[chosen], "index", &[]);
    let mut regions = Vec::new();
    // The first region is the default, which the last variant takes.
    let order = choices.last().into_iter().chain(&choices[..choices.len() - 1]);
    for (_, export) in order {
        let region: Region<'c> = single_block(&[], dispatch.location());
        if let Some(block) = region.first_block() {
            let inside = Builder::at_end(block, dispatch.location());
            let values = start(&inside, dispatch, export, workload)?;
            inside.op("scf.yield", &values, &[], &[]);
        }
        regions.push(region);
    }
    let cases: Vec<_> = (0..choices.len() - 1).map(|case| case.to_string()).collect();
    let cases = format!("array<i64: {}>", cases.join(", "));
    let types = vec![at.ty("i32"); 4];
    Ok(results(at.op_with_regions("scf.index_switch", &[chosen], &types, &[("cases", &cases)], regions)))
}

fn number<'c>(at: &Builder<'c>, value: i64) -> Val<'c> {
    at.value("arith.constant", &[], "i32", &[("value", &format!("{value} : i32"))])
}

#[cfg(test)]
mod tests {
    use super::entry_points;

    #[test]
    fn reads_symbol_references() {
        assert_eq!(entry_points("[@a::@b]"), [["a", "b"]]);
        assert_eq!(entry_points("[@a::@v::@b, @\"c d\"::@\"e\\22\"]"), [vec!["a", "v", "b"], vec!["c d", "e\""]]);
        assert!(entry_points("[]").is_empty());
    }
}
