//! Brings host code into the form that dispatches are formed from: linalg on tensors, elementwise ops fused.

use ropt_mlir::{
    ir::{
        edit::{Builder, Op, erase, nested, op_name, operands, replace_uses, results, users},
        fuse_elementwise,
    },
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::{PassContext, PassError, PassResult};

use crate::{
    concat,
    program::HostFunction,
    role::{Role, role, touches_tensors},
};

/// TOSA to linalg, by upstream's conversions.
const TOSA: &str = "tosa-optional-decompositions,canonicalize,tosa-infer-shapes,tosa-make-broadcastable,\
    tosa-to-linalg-named,canonicalize,tosa-layerwise-constant-fold,tosa-make-broadcastable,tosa-to-linalg,\
    tosa-to-arith{include-apply-rescale=true},tosa-to-tensor,tosa-to-scf,canonicalize";

/// Prepares one function.
///
/// # Errors
/// When a conversion fails; it has then said why.
pub(crate) fn prepare(function: &HostFunction<'_>, cx: &PassContext<'_>) -> PassResult {
    let op = function.op;
    if holds(op, |inner| op_name(inner).starts_with("tosa.")) {
        convert_tosa(op, cx)?;
    }
    nested(op).into_iter().filter(|inner| op_name(*inner) == "tensor.bitcast").for_each(bitcast);
    if holds(op, |inner| matches!(dialect(inner).as_str(), "arith" | "math") && role(inner) == Role::Work) {
        cx.run_pipeline("convert-elementwise-to-linalg", op)?;
    }
    for inner in nested(op) {
        if op_name(inner) == "tensor.concat" {
            concat::split(inner);
        }
    }
    if holds(op, |inner| dialect(inner) == "affine") {
        cx.run_pipeline("lower-affine", op)?;
    }
    cx.run_pipeline("canonicalize,cse", op)?;
    if holds(op, |inner| op_name(inner) == "tensor.dim") {
        cx.run_pipeline("resolve-ranked-shaped-type-result-dims,canonicalize,cse", op)?;
    }
    if !fuse_elementwise(op) {
        return Err(PassError::internal("fusing elementwise ops did not come to an end").at(op.location()));
    }
    cx.run_pipeline("canonicalize,cse", op)
}

/// Tidies up once the dispatches are formed.
///
/// # Errors
/// When MLIR's own passes fail.
pub(crate) fn tidy(function: &HostFunction<'_>, cx: &PassContext<'_>) -> PassResult {
    // What kernels have copies of is dead now; users come behind, so the last goes first.
    for op in nested(function.op).into_iter().rev() {
        let unused = results(op).into_iter().all(|result| users(result).is_empty());
        if unused && touches_tensors(op) && role(op) != Role::Host {
            erase(op);
        }
    }
    cx.run_pipeline("canonicalize,cse", function.op)
}

/// A bitcast of a tensor as that of its elements, which becomes a kernel like any other elementwise op.
fn bitcast(op: Op<'_>) {
    let result = results(op)[0];
    let new = Builder::before(op).op("arith.bitcast", &operands(op), &[result.r#type()], &[]);
    replace_uses(result, results(new)[0]);
    erase(op);
}

fn convert_tosa(op: Op<'_>, cx: &PassContext<'_>) -> PassResult {
    cx.run_pipeline(TOSA, op)?;
    match nested(op).into_iter().find(|inner| op_name(*inner).starts_with("tosa.")) {
        None => Ok(()),
        Some(left) => Err(PassError::new(format!("`{}` has no conversion to linalg", op_name(left)))
            .at(left.location())
            .note("TOSA goes through MLIR's tosa-to-linalg, tosa-to-arith, tosa-to-tensor and tosa-to-scf")
            .help("convert the op before compiling, or write it with linalg")),
    }
}

fn dialect(op: Op<'_>) -> String {
    op_name(op).split('.').next().unwrap_or_default().to_owned()
}

fn holds<'c>(op: Op<'c>, wanted: impl Fn(Op<'c>) -> bool) -> bool {
    nested(op).into_iter().any(wanted)
}
