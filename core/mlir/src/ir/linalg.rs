//! What linalg ops iterate over and how they access their operands; fusion of elementwise ops.

use super::edit::{Builder, Val, results};
use crate::sys::{RoptSink, collect};
use melior::ir::{OperationRef, Region, ValueLike};
use mlir_sys::{MlirOperation, mlirLinalgFillBuiltinNamedOpRegion};
use std::ffi::c_void;

// SAFETY: the declarations repeat those of shim/Linalg.h; each call says why its arguments do.
unsafe extern "C" {
    fn roptLinalgLoops(op: MlirOperation, sink: RoptSink, user: *mut c_void);
    fn roptLinalgAccesses(op: MlirOperation, sink: RoptSink, user: *mut c_void);
    fn roptFuseElementwise(op: MlirOperation) -> bool;
}

/// One loop of a linalg op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Whether its iterations are independent.
    pub parallel: bool,
    /// How often it runs, when that is known.
    pub trips: Option<i64>,
}

/// The loops of a linalg op, outermost first; none when it is no such op.
pub fn linalg_loops(op: OperationRef<'_, '_>) -> Vec<Loop> {
    // SAFETY: the op is live; the sink and its list live during the call.
    let texts = collect(|sink, user| unsafe { roptLinalgLoops(op.to_raw(), sink, user) });
    let read = |text: &String| {
        let (kind, trips) = text.split_once(' ').unwrap_or((text, "?"));
        Loop { parallel: kind == "parallel", trips: trips.parse().ok() }
    };
    texts.iter().map(read).collect()
}

/// For each operand of a linalg op the loop that indexes each of its dimensions; `None` where it is not one loop alone.
pub fn linalg_accesses(op: OperationRef<'_, '_>) -> Vec<Vec<Option<usize>>> {
    // SAFETY: the op is live; the sink and its list live during the call.
    let texts = collect(|sink, user| unsafe { roptLinalgAccesses(op.to_raw(), sink, user) });
    let read = |text: &String| match text.as_str() {
        "" => Vec::new(),
        text => text.split(',').map(|part| part.parse().ok()).collect(),
    };
    texts.iter().map(read).collect()
}

/// Fuses elementwise linalg ops nested in `op` into their consumers, where no element is computed twice. False when
/// the rewriting did not come to an end.
pub fn fuse_elementwise(op: OperationRef<'_, '_>) -> bool {
    // SAFETY: the op is live, and so is everything nested in it.
    unsafe { roptFuseElementwise(op.to_raw()) }
}

/// A tensor of the shape of `out`, filled with a scalar.
pub fn fill<'c>(at: Builder<'c>, scalar: Val<'c>, out: Val<'c>) -> Val<'c> {
    let segments = [("operandSegmentSizes", "array<i32: 1, 1>")];
    let op = at.op_with_regions("linalg.fill", &[scalar, out], &[out.r#type()], &segments, vec![Region::new()]);
    // SAFETY: the op is a fill whose region is still empty.
    unsafe { mlirLinalgFillBuiltinNamedOpRegion(op.to_raw()) };
    results(op)[0]
}
