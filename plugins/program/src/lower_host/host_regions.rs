//! Host code inside of executables: count regions, conditions and constant blocks, copied to where they are needed.

use ropt_mlir::{
    ir::{
        clone_mapped,
        edit::{Builder, Op, Val, erase, nested, op_name, operands, replace_uses, results, type_text, users},
        nesting::ops_of,
    },
    melior::ir::{BlockLike, BlockRef, RegionLike, ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

use super::{calls::Calls, executables::executables};
use crate::{
    names,
    ops::{arguments, children_named, entry_block, quoted, string},
};

/// What such code may hold: it has no tensors and no state.
const DIALECTS: [&str; 5] = ["arith", "affine", "scf", "math", "ub"];

/// Makes functions of the variants' conditions and constant blocks, for the program's loader.
pub(crate) fn lower(module: Op<'_>) -> PassResult {
    let calls = Calls::new(module);
    for (number, executable) in executables(module).into_iter().enumerate() {
        for (index, variant) in executable.variants.iter().enumerate() {
            let functions =
                [(names::CONDITION, "hal.executable.condition"), (names::SPECIALIZE, "hal.executable.constant.block")];
            for (prefix, kind) in functions {
                let regions = children_named(variant.op, kind);
                if !regions.is_empty() {
                    function(module, &calls, &format!("{prefix}{number}_{index}"), &regions)?;
                }
            }
        }
    }
    Ok(())
}

/// A function with the code of all these ops, one behind the other, and their results.
fn function<'c>(module: Op<'c>, calls: &Calls<'c>, name: &str, ops: &[Op<'c>]) -> PassResult {
    let Some(end) = entry_block(module) else { return Ok(()) };
    let location = ops[0].location();
    let region = ropt_mlir::ir::edit::single_block(&[], location);
    let Some(block) = region.first_block() else { return Ok(()) };
    let inside = Builder::at_end(block, location);
    let mut given = Vec::new();
    for op in ops {
        given.extend(inline(&inside, calls, *op, &region_blocks(*op, 0), &[])?);
    }
    let types: Vec<String> = given.iter().map(|value| type_text(value.r#type())).collect();
    inside.op("func.return", &given, &[], &[]);
    let ty = format!("() -> ({})", types.join(", "));
    let attributes = [("sym_name", &*quoted(name)), ("function_type", &*ty), ("sym_visibility", "\"private\"")];
    Builder::at_end(end, location).op_with_regions("func.func", &[], &[], &attributes, vec![region]);
    Ok(())
}

/// The blocks of one of an op's regions.
pub(crate) fn region_blocks<'c>(op: Op<'c>, index: usize) -> Vec<BlockRef<'c, 'c>> {
    let mut found = Vec::new();
    let mut next = op.region(index).ok().and_then(|region| region.first_block());
    while let Some(block) = next {
        next = block.next_in_region();
        found.push(block);
    }
    found
}

/// Copies the code of one of `op`'s regions, whose blocks these are, to `at`; what it returns. `workload` is what it
/// takes behind the device.
pub(crate) fn inline<'c>(
    at: &Builder<'c>,
    calls: &Calls<'c>,
    op: Op<'c>,
    region: &[BlockRef<'c, 'c>],
    workload: &[Val<'c>],
) -> PassResult<Vec<Val<'c>>> {
    let [block] = region else {
        return Err(PassError::new(format!("expected one block in the host code of `{}`", op_name(op)))
            .at(op.location())
            .help("use scf.if and scf.for instead of branches"));
    };
    let mut values = workload.iter().copied();
    let (mut from, mut to) = (Vec::new(), Vec::new());
    let mut devices = Vec::new();
    for argument in arguments(*block) {
        from.push(argument);
        if argument.r#type().to_string() == "!hal.device" {
            // Stands for the device until all questions to it are calls.
            devices.push(at.value("builtin.unrealized_conversion_cast", &[], "!hal.device", &[]));
            to.extend(devices.last());
        } else {
            let Some(value) = values.next() else { return Err(PassError::internal("a workload of another size")) };
            to.push(value);
        }
    }
    for inner in ops_of(*block) {
        let name = op_name(inner);
        if name == "hal.return" {
            let returned: Vec<_> = operands(inner)
                .into_iter()
                .map(|value| from.iter().position(|old| *old == value).map_or(value, |index| to[index]))
                .collect();
            let leftover = devices.iter().flat_map(|device| users(*device)).next();
            if let Some(user) = leftover {
                return Err(unknown(user));
            }
            for device in devices.into_iter().filter_map(ropt_mlir::ir::edit::defining_op) {
                erase(device);
            }
            return Ok(returned);
        }
        if let Some(wrong) = std::iter::once(inner).chain(nested(inner)).find(|op| !is_known(*op)) {
            return Err(unknown(wrong));
        }
        let copy = at.insert(clone_mapped(inner, &from, &to));
        let position = to.len();
        from.extend(results(inner));
        to.extend(results(copy));
        for query in std::iter::once(copy).chain(nested(copy)).filter(|op| op_name(*op) == "hal.device.query") {
            let answer = ask(calls, query)?;
            if query == copy {
                to.truncate(position);
                to.extend(answer);
            } else {
                results(query).into_iter().zip(answer).for_each(|(old, new)| replace_uses(old, new));
            }
            erase(query);
        }
    }
    Err(PassError::new(format!("the host code of `{}` returns nothing", op_name(op))).at(op.location()))
}

fn is_known(op: Op<'_>) -> bool {
    let name = op_name(op);
    name == "hal.device.query" || name.split('.').next().is_some_and(|dialect| DIALECTS.contains(&dialect))
}

fn unknown(op: Op<'_>) -> PassError {
    let name = op_name(op);
    let error = PassError::new(format!("`{name}` can not be in the host code of an executable")).at(op.location());
    if name.starts_with("iree_tensor_ext.") {
        return error.help("run hal-translate-executables before hal-lower-host: it resolves the count region");
    }
    error
        .note(format!(
            "such code may hold {} and hal.device.query",
            DIALECTS.map(|name| format!("{name}.*")).join(", ")
        ))
        .help("it runs before the program's state is there, and once for each dispatch: compute with numbers alone")
}

/// A question to the device as a call: whether it knows the answer, and the answer or its default.
fn ask<'c>(calls: &Calls<'c>, query: Op<'c>) -> PassResult<[Val<'c>; 2]> {
    let text = |name: &str| string(query, name).unwrap_or_default();
    let (category, key) = (text("category"), text("key"));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
    if !plain(&category) || !plain(&key) || category.contains("::") {
        return Err(PassError::new(format!("a device can not be asked for \"{category}\" :: \"{key}\""))
            .at(query.location())
            .help("categories and keys are printable ASCII without spaces and quotes"));
    }
    let at = Builder::before(query);
    let name = format!("{}{category}::{key}", names::QUERY);
    let answer = calls.call(&at, &name, &[], &[at.ty("i1"), at.ty("i64")]);
    let wanted = results(query)[1].r#type();
    let ty = type_text(wanted);
    let narrow = match ty.as_str() {
        "i64" => answer[1],
        "index" => at.value("arith.index_cast", &[answer[1]], "index", &[]),
        _ if ropt_mlir::ir::byte_width(wanted).is_some() => at.value("arith.trunci", &[answer[1]], &ty, &[]),
        _ => {
            return Err(PassError::new(format!("a device gives no value of type {ty}"))
                .at(query.location())
                .help("ask for i1, i8, i16, i32, i64 or index"));
        }
    };
    let default = query.attribute("default_value").map_or_else(|_| format!("0 : {ty}"), |value| value.to_string());
    let default = if ty == "i1" && default.starts_with('0') { "false".to_owned() } else { default };
    let other = at.value("arith.constant", &[], &ty, &[("value", &default)]);
    Ok([answer[0], at.value("arith.select", &[answer[0], narrow, other], &ty, &[])])
}
