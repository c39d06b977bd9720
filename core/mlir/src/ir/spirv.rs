//! Binaries of spirv.module ops.

use super::edit::{Op, op_name};
use crate::sys::{RoptSink, RoptStr};
use mlir_sys::MlirOperation;
use std::ffi::c_void;

// SAFETY: the declaration repeats that of shim/Spirv.h; the call says why its arguments do.
unsafe extern "C" {
    fn roptSerializeSpirv(module: MlirOperation, sink: RoptSink, user: *mut c_void) -> i32;
}

/// The words of a `spirv.module`, in this machine's byte order. None: it is none, or holds what SPIR-V cannot say,
/// which MLIR has reported at its place.
#[must_use]
pub fn serialize_spirv(module: Op<'_>) -> Option<Vec<u8>> {
    unsafe extern "C" fn copy(user: *mut c_void, text: RoptStr) {
        // SAFETY: `user` is the vector below, and the bytes live during the call.
        unsafe {
            (*user.cast::<Vec<u8>>()).extend_from_slice(std::slice::from_raw_parts(text.ptr.cast::<u8>(), text.len));
        }
    }
    if op_name(module) != "spirv.module" {
        return None;
    }
    let mut words: Vec<u8> = Vec::new();
    // SAFETY: the op is alive, and the sink's vector lives during the call.
    let code = unsafe { roptSerializeSpirv(module.to_raw(), copy, (&raw mut words).cast()) };
    (code == 0).then_some(words)
}
