//! The interface of an executable in IR.

use ropt_executable::{
    interface::{Export, Interface, Subspan, Variant, parse_layout, parse_subspan_type, parse_target},
    names::KnownVariant,
};
use ropt_mlir::{
    ir::{
        attributes::{constant_integer, integer, operand_segments},
        edit::{Op, nested, op_name, pin, results, type_text},
        nesting::blocks,
        ops_in, symbol_name,
    },
    melior::ir::{BlockLike, RegionLike, ValueLike, operation::OperationLike},
};

/// The ops of that name directly inside `op`.
#[must_use]
pub fn children<'c>(op: Op<'c>, name: &str) -> Vec<Op<'c>> {
    ops_in(op).into_iter().map(pin).filter(|op| op_name(*op) == name).collect()
}

/// The interface of a `hal.executable` or a `hal.executable.source`.
#[must_use]
pub fn interface(executable: Op<'_>) -> Interface {
    let variants = if op_name(executable) == "hal.executable.source" {
        vec![variant(executable)]
    } else {
        children(executable, "hal.executable.variant").into_iter().map(variant).collect()
    };
    Interface { name: symbol_name(executable).unwrap_or_default(), variants }
}

/// The variants of a `hal.executable` as their files are named.
#[must_use]
pub fn known_variants(executable: Op<'_>) -> Vec<KnownVariant> {
    let variants = children(executable, "hal.executable.variant");
    let backend = |op: &Op<'_>| {
        let target = op.attribute("target").ok().and_then(|target| parse_target(&target.to_string()));
        target.map(|target| target.backend)
    };
    let backends: Vec<_> = variants.iter().map(backend).collect();
    let known = |(op, backend): (&Op<'_>, &Option<String>)| {
        let exports = children(*op, "hal.executable.export");
        let alone = exports.len() == 1 && backends.iter().filter(|one| *one == backend).count() == 1;
        KnownVariant {
            name: symbol_name(*op).unwrap_or_default(),
            only_export: exports.first().filter(|_| alone).and_then(|export| symbol_name(*export)),
            objects: Vec::new(),
        }
    };
    variants.iter().zip(&backends).map(known).collect()
}

/// The interface of one variant, or of a source.
#[must_use]
pub fn variant(op: Op<'_>) -> Variant {
    let target = op.attribute("target").ok().and_then(|target| parse_target(&target.to_string()));
    let name =
        if op_name(op) == "hal.executable.variant" { symbol_name(op).unwrap_or_default() } else { String::new() };
    let exports = children(op, "hal.executable.export");
    let body = children(op, "builtin.module").first().copied();
    let alone = exports.len() == 1;
    let exports = exports.into_iter().map(|export| interface_of(export, body, alone)).collect();
    Variant { name, target, exports }
}

fn interface_of(export: Op<'_>, body: Option<Op<'_>>, alone: bool) -> Export {
    let name = symbol_name(export).unwrap_or_default();
    let layout = export.attribute("layout").ok().and_then(|layout| parse_layout(&layout.to_string()));
    let count = export.region(0).ok().and_then(|region| region.first_block());
    let workload = count.map(|block| block.argument_count().saturating_sub(1));
    let spans = body.map(|body| {
        // With one export, helper functions are its own; with several only its function can be told to be.
        let within = if alone { Some(body) } else { function(body, &name) };
        within.map(subspans).unwrap_or_default()
    });
    // A body without subspans is lowered already, or calls what is defined elsewhere.
    let spans = spans.filter(|spans| !spans.is_empty());
    Export { ordinal: integer(export, "ordinal"), layout: layout.unwrap_or_default(), workload, body: spans, name }
}

/// The function of that name in an inner module.
#[must_use]
pub fn function<'c>(body: Op<'c>, name: &str) -> Option<Op<'c>> {
    ops_in(body).into_iter().map(pin).find(|op| symbol_name(*op).as_deref() == Some(name))
}

/// Whether a function has code of its own.
#[must_use]
pub fn is_defined(function: Op<'_>) -> bool {
    !blocks(function).is_empty()
}

fn subspans(within: Op<'_>) -> Vec<Subspan> {
    let spans = nested(within).into_iter().filter(|op| op_name(*op) == "hal.interface.binding.subspan");
    spans.filter_map(subspan).collect()
}

fn subspan(op: Op<'_>) -> Option<Subspan> {
    let binding = u64::try_from(integer(op, "binding")?).ok()?;
    let offset = match operand_segments(op).first().and_then(|offset| offset.first()) {
        Some(offset) => constant_integer(*offset).and_then(|offset| u64::try_from(offset).ok()),
        None => Some(0),
    };
    let (access, mut shape) = parse_subspan_type(&type_text(results(op).first()?.r#type()))?;
    // A dynamic size can be a constant all the same.
    let segments = operand_segments(op);
    let dynamic = shape.sizes.iter_mut().filter(|size| size.is_none());
    for (size, value) in dynamic.zip(segments.get(1).into_iter().flatten()) {
        *size = constant_integer(*value).and_then(|size| u64::try_from(size).ok());
    }
    Some(Subspan { binding, offset, shape, access })
}
