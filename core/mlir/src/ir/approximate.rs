//! Polynomial approximation of math ops.

use melior::ir::OperationRef;
use mlir_sys::MlirOperation;

use crate::sys::RoptStr;

// SAFETY: the declarations repeat those of shim/MathApproximation.h; each call says why its arguments do.
unsafe extern "C" {
    fn roptApproximateMath(op: MlirOperation, names: *const RoptStr, n_names: usize) -> bool;
}

/// Replaces the named math ops (`math.exp`) of f32 and vectors of f32 by polynomials; f16 and bf16 go through f32.
/// False when the rewriting did not come to an end.
pub fn approximate_math(op: OperationRef<'_, '_>, names: &[&str]) -> bool {
    let names: Vec<RoptStr> = names.iter().map(|name| RoptStr::new(name)).collect();
    // SAFETY: the op is live, and the names outlive the call.
    unsafe { roptApproximateMath(op.to_raw(), names.as_ptr(), names.len()) }
}
