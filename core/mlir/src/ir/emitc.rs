//! C text of modules in the emitc dialect.

use super::edit::Op;
use crate::sys::{RoptSink, collect};
use mlir_sys::MlirOperation;
use std::ffi::c_void;

// SAFETY: the declaration repeats that of shim/Emitc.h; the call says why its arguments do.
unsafe extern "C" {
    fn roptTranslateToC(module: MlirOperation, sink: RoptSink, user: *mut c_void) -> i32;
}

/// The C text of a `builtin.module` that holds the emitc dialect alone. None: it holds an op that C has no text for,
/// which MLIR has reported at its place.
#[must_use]
pub fn translate_to_c(module: Op<'_>) -> Option<String> {
    let mut code = 1;
    let mut texts = collect(|sink, user| {
        // SAFETY: the op is alive, and the sink takes what `collect` gives it.
        code = unsafe { roptTranslateToC(module.to_raw(), sink, user) };
    });
    (code == 0).then(|| texts.pop().unwrap_or_default())
}
