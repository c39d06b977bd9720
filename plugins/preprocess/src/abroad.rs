//! Text for a command, which may belong to another version of MLIR. Bytecode does not travel between versions and pretty
//! text changes; generic text travels, but for what an attribute means that the other version does not know.

use ropt_mlir::{
    ir::{
        edit::{Op, nested, op_name},
        op_text,
    },
    melior::ir::operation::OperationLike,
};
use ropt_plugin::prelude::*;

/// The maps that products of matrices have when nothing else is said. MLIR before 20 knows no others: it drops the
/// attribute, and a transposed product becomes a plain one.
const PLAIN: [(&str, &str); 3] = [
    (
        "linalg.matmul",
        "[affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>]",
    ),
    (
        "linalg.batch_matmul",
        "[affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>, affine_map<(d0, d1, \
         d2, d3) -> (d0, d1, d2)>]",
    ),
    (
        "linalg.batch_reduce_matmul",
        "[affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>, affine_map<(d0, d1, \
         d2, d3) -> (d1, d2)>]",
    ),
];

/// A property that MLIR before 20 does not take on every op that has it now. It says nothing, so it is left out.
const NO_OVERFLOW: &str = " <{overflowFlags = #arith.overflow<none>}> : ";

/// The op's text with a line end: pretty, or generic for another version of MLIR.
///
/// # Errors
/// When it is to be generic and holds what another version silently takes for something else.
pub(crate) fn text(op: Op<'_>, generic: bool) -> PassResult<String> {
    if !generic {
        return Ok(op_text(op, false) + "\n");
    }
    for inside in nested(op) {
        if let Some(attribute) = mistaken(inside) {
            let name = op_name(inside);
            return Err(PassError::new(format!(
                "another version of MLIR would mistake `{name}`, for its `{attribute}`"
            ))
            .at(inside.location())
            .note("older versions know the op without this attribute, drop it, and compute something else")
            .help("put linalg-generalize-named-ops before, on the functions: linalg.generic says all that it does"));
        }
    }
    Ok(op_text(op, true).replace(NO_OVERFLOW, " : ") + "\n")
}

/// The attribute by which an op means something else than the op of the same name in older versions.
fn mistaken(op: Op<'_>) -> Option<&'static str> {
    let name = op_name(op);
    if !name.starts_with("linalg.") || name == "linalg.generic" {
        return None;
    }
    let text = |attribute: &str| op.attribute(attribute).ok().map(|value| value.to_string());
    if text("cast").is_some_and(|cast| cast.contains("unsigned")) {
        return Some("cast");
    }
    let plain = PLAIN.iter().find(|(known, _)| *known == name)?.1;
    text("indexing_maps").is_some_and(|maps| maps != plain).then_some("indexing_maps")
}
