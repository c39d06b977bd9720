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
    executables::{Executable, Export, Variant, executables},
    failures::Failures,
    host_regions::{inline, region_blocks},
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
            lower_one(module, &calls, &known, dispatch)?;
            done += 1;
        }
    }
    Ok(done)
}

fn lower_one<'c>(module: Op<'c>, calls: &Calls<'c>, known: &[Executable<'c>], dispatch: Op<'c>) -> PassResult {
    let (index, choices) = choices(known, dispatch)?;
    let parts = segments(dispatch);
    let [workload, arguments] = &parts[..] else { return Ok(()) };
    let at = Builder::before(dispatch);
    let (constants, bindings) = pack(&at, dispatch, arguments)?;
    for Choice { variant, export, .. } in &choices {
        if export.constants != constants.len() || export.bindings.len() * 2 != bindings.len() {
            return Err(PassError::new(format!(
                "the dispatch gives {} constants (32-bit words) and {} bindings, export @{} of variant @{} takes {} and {}",
                constants.len(),
                bindings.len() / 2,
                export.name,
                variant.name,
                export.constants,
                export.bindings.len()
            ))
            .at(dispatch.location())
            .note_at(export.op.location(), "the export"));
        }
    }
    let executable = number(&at, index as i64);
    let site = Site { calls, dispatch, workload };
    let start = match &choices[..] {
        [only] if known[index].variants.len() == 1 => site.start(&at, only.variant, only.export, 0)?,
        several => {
            let chosen = calls.value(&at, names::VARIANT, &[executable], "i32");
            if several.len() < known[index].variants.len() {
                only_these(module, &at, chosen, &known[index].name, several);
            }
            match several {
                [only] => site.start(&at, only.variant, only.export, 0)?,
                _ => site.by_variant(&at, chosen, several)?,
            }
        }
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

/// A variant that a dispatch may run, and its export there.
struct Choice<'k, 'c> {
    /// The variant's number in its executable.
    index: usize,
    variant: &'k Variant<'c>,
    export: &'k Export<'c>,
}

/// Fails when the program runs on a device that took a variant which the dispatch does not name.
fn only_these<'c>(module: Op<'c>, at: &Builder<'c>, chosen: Val<'c>, executable: &str, choices: &[Choice<'_, 'c>]) {
    let is = |choice: &Choice<'_, 'c>| {
        let index = number(at, choice.index as i64);
        at.value("arith.cmpi", &[chosen, index], "i1", &[("predicate", "0 : i64")])
    };
    let both = |one: Val<'c>, other: Val<'c>| at.value("arith.ori", &[one, other], "i1", &[]);
    let Some(fits) = choices.iter().map(is).reduce(both) else { return };
    let names: Vec<_> = choices.iter().map(|choice| format!("@{}", choice.variant.name)).collect();
    let message = format!(
        "a dispatch names variant {} of executable @{executable}, but the device took another one",
        names.join(" or ")
    );
    Failures::new(module).unless(at, fits, &message);
}

/// The executable's number and the variants that the dispatch may run, each with the export that it names.
fn choices<'k, 'c>(known: &'k [Executable<'c>], dispatch: Op<'c>) -> PassResult<(usize, Vec<Choice<'k, 'c>>)> {
    let text = dispatch.attribute("entry_points").map(|points| points.to_string()).unwrap_or_default();
    let points = entry_points(&text);
    let ends = |point: &Vec<String>| Some((point.first()?.clone(), point.last()?.clone()));
    let Some((first, last)) = points.first().and_then(ends) else {
        return Err(PassError::new("the dispatch names no export").at(dispatch.location()));
    };
    if points.iter().any(|point| ends(point).is_none_or(|pair| pair != (first.clone(), last.clone()))) {
        return Err(PassError::new(format!("expected the same export of one executable, found {text}"))
            .at(dispatch.location())
            .help("name `@executable::@export`; the variant is chosen when the program is loaded"));
    }
    let Some((index, executable)) = known.iter().enumerate().find(|(_, executable)| executable.name == first) else {
        return Err(PassError::new(format!("there is no executable @{first}")).at(dispatch.location()));
    };
    if executable.variants.is_empty() {
        return Err(PassError::new(format!("executable @{first} has no variant")).at(dispatch.location()));
    }
    // `@executable::@variant::@export` names a variant; one that does not allows them all.
    let named: Option<Vec<&String>> = points.iter().map(|point| point.get(1).filter(|_| point.len() > 2)).collect();
    let mut found = Vec::new();
    for (index, variant) in executable.variants.iter().enumerate() {
        if named.as_ref().is_some_and(|names| !names.contains(&&variant.name)) {
            continue;
        }
        let export = export_of(variant, &last).ok_or_else(|| {
            let names: Vec<_> = variant.exports.iter().map(|export| format!("@{}", export.name)).collect();
            PassError::new(format!("variant @{} of executable @{first} has no export @{last}", variant.name))
                .at(dispatch.location())
                .note_at(variant.op.location(), format!("its exports: {}", names.join(", ")))
        })?;
        found.push(Choice { index, variant, export });
    }
    if found.is_empty() {
        let names: Vec<_> = executable.variants.iter().map(|variant| format!("@{}", variant.name)).collect();
        return Err(PassError::new(format!("executable @{first} has no variant of the name in {text}"))
            .at(dispatch.location())
            .note(format!("its variants: {}", names.join(", "))));
    }
    Ok((index, found))
}

fn export_of<'k, 'c>(variant: &'k Variant<'c>, name: &str) -> Option<&'k Export<'c>> {
    variant.exports.iter().find(|export| export.name == name)
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

/// What the start of a dispatch is made of.
struct Site<'s, 'c> {
    calls: &'s Calls<'c>,
    dispatch: Op<'c>,
    workload: &'s [Val<'c>],
}

impl<'c> Site<'_, 'c> {
    /// The export's number and the grid, as i32; those of its fallback when its condition does not hold. `depth` is how
    /// many exports fell back to this one.
    fn start(
        &self,
        at: &Builder<'c>,
        variant: &Variant<'c>,
        export: &Export<'c>,
        depth: usize,
    ) -> PassResult<Vec<Val<'c>>> {
        let own = |at: &Builder<'c>| -> PassResult<Vec<Val<'c>>> {
            let mut values = vec![number(at, i64::from(export.ordinal))];
            let grid = grid(at, self.calls, self.dispatch, export, self.workload)?;
            values.extend(grid.into_iter().map(|count| count_of(at, count)));
            Ok(values)
        };
        let Some(fallback) = &export.fallback else { return own(at) };
        let next = export_of(variant, fallback).filter(|_| depth < variant.exports.len()).ok_or_else(|| {
            PassError::new(format!("the fallbacks of export @{} do not end", export.name)).at(export.op.location())
        })?;
        let holds = inline(at, self.calls, export.op, &region_blocks(export.op, 1), self.workload)?;
        let then = self.region(&own)?;
        let otherwise = self.region(&|at: &Builder<'c>| self.start(at, variant, next, depth + 1))?;
        Ok(results(at.op_with_regions("scf.if", &holds, &[at.ty("i32"); 4], &[], vec![then, otherwise])))
    }

    /// As [`Site::start`], for the variant that the runtime chose.
    fn by_variant(&self, at: &Builder<'c>, chosen: Val<'c>, choices: &[Choice<'_, 'c>]) -> PassResult<Vec<Val<'c>>> {
        let chosen = at.value("arith.index_cast", &[chosen], "index", &[]);
        // The first region is the default, which the last variant takes.
        let (last, others) = (choices.last(), &choices[..choices.len() - 1]);
        let regions = last
            .into_iter()
            .chain(others)
            .map(|choice| self.region(&|at: &Builder<'c>| self.start(at, choice.variant, choice.export, 0)));
        let regions = regions.collect::<PassResult<Vec<_>>>()?;
        let cases: Vec<_> = others.iter().map(|choice| choice.index.to_string()).collect();
        let cases = format!("array<i64: {}>", cases.join(", "));
        let types = vec![at.ty("i32"); 4];
        Ok(results(at.op_with_regions("scf.index_switch", &[chosen], &types, &[("cases", &cases)], regions)))
    }

    /// A region that yields what `values` makes.
    fn region(&self, values: &dyn Fn(&Builder<'c>) -> PassResult<Vec<Val<'c>>>) -> PassResult<Region<'c>> {
        let region: Region<'c> = single_block(&[], self.dispatch.location());
        if let Some(block) = region.first_block() {
            let inside = Builder::at_end(block, self.dispatch.location());
            let values = values(&inside)?;
            inside.op("scf.yield", &values, &[], &[]);
        }
        Ok(region)
    }
}

/// A count of workgroups as the runtime takes it. The largest stands for all that are no smaller, negative ones among
/// them; drivers refuse it.
fn count_of<'c>(at: &Builder<'c>, count: Val<'c>) -> Val<'c> {
    let most = at.value("arith.constant", &[], "index", &[("value", &format!("{} : index", u32::MAX))]);
    let fitting = at.value("arith.minui", &[count, most], "index", &[]);
    at.value("arith.index_cast", &[fitting], "i32", &[])
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
