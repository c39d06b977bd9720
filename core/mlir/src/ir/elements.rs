//! The bytes of constant tensors.

use crate::sys::{RoptSink, RoptStr};
use melior::ir::{Attribute, AttributeLike};
use mlir_sys::MlirAttribute;
use std::ffi::c_void;

// SAFETY: the declarations repeat those of shim/Elements.cpp; each call says why its arguments do.
unsafe extern "C" {
    fn roptElementBytes(attribute: MlirAttribute, sink: RoptSink, user: *mut c_void) -> i32;
}

/// What a constant tensor holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elements {
    /// Every element, row-major, `i1` as one byte.
    Dense(Vec<u8>),
    /// One element, which all others equal.
    Splat(Vec<u8>),
}

/// Why a constant tensor has no bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ElementsError {
    /// Neither dense nor a resource.
    #[error("expected dense<…> or dense_resource<…>")]
    Kind,
    /// `dense_resource` without the data in the file.
    #[error("the file does not hold the data of this dense_resource (it was printed with its resources left out)")]
    NoData,
}

/// The bytes of a `dense` or `dense_resource` attribute.
///
/// # Errors
/// When the attribute has none.
pub fn elements(attribute: Attribute<'_>) -> Result<Elements, ElementsError> {
    unsafe extern "C" fn copy(user: *mut c_void, bytes: RoptStr) {
        if !bytes.ptr.is_null() && bytes.len > 0 {
            // SAFETY: `user` is the Vec below, and the shim's bytes live for the duration of this call.
            unsafe {
                let into = &mut *user.cast::<Vec<u8>>();
                into.extend_from_slice(std::slice::from_raw_parts(bytes.ptr.cast::<u8>(), bytes.len));
            }
        }
    }
    let mut bytes: Vec<u8> = Vec::new();
    // SAFETY: the attribute is live; the sink gets the Vec above, during this call only.
    let code = unsafe { roptElementBytes(attribute.to_raw(), copy, (&raw mut bytes).cast()) };
    match code {
        0 => Ok(Elements::Dense(bytes)),
        1 => Ok(Elements::Splat(bytes)),
        -2 => Err(ElementsError::NoData),
        _ => Err(ElementsError::Kind),
    }
}
