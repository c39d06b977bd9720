//! Ops as text and back.

use crate::sys::{self, RoptStr};
use melior::{
    Context,
    ir::{Operation, OperationRef},
};
use std::ffi::c_void;

/// The op's textual form; `generic` prints MLIR's generic form. Nothing outside of the op is looked at, so a pass may print
/// its op while others change what is around it; an op's `Display` begins at the outermost op.
pub fn op_text(op: OperationRef<'_, '_>, generic: bool) -> String {
    // SAFETY: the sink and its list live during the call.
    sys::collect(|sink, user| unsafe { sys::roptPrintOp(op.to_raw(), generic, sink, user) }).concat()
}

/// The op as bytes that are equal for equal ops, whatever flags say of printing: MLIR's generic form without places.
/// Attributes with more than `largest` elements are left out. The bytes of `dense_resource` attributes, which lie outside
/// of ops, are never in it.
pub fn key_text(op: OperationRef<'_, '_>, largest: Option<i64>) -> Vec<u8> {
    unsafe extern "C" fn append(user: *mut c_void, text: RoptStr) {
        // SAFETY: `user` is the Vec below, and the shim's bytes live for the duration of this call.
        unsafe {
            let bytes = std::slice::from_raw_parts(text.ptr.cast::<u8>(), text.len);
            (*user.cast::<Vec<u8>>()).extend_from_slice(bytes);
        }
    }
    let mut bytes: Vec<u8> = Vec::new();
    // SAFETY: the op is live, and the sink gets the Vec above, during this call only.
    unsafe { sys::roptKeyText(op.to_raw(), largest.unwrap_or(i64::MAX), append, (&raw mut bytes).cast()) };
    bytes
}

/// A number that is equal for ops that hold the same, in one process: names of symbols and places do not count.
pub fn structure_hash(op: OperationRef<'_, '_>) -> u64 {
    // SAFETY: the op is live.
    unsafe { sys::roptStructureHash(op.to_raw()) }
}

/// Parses exactly one top-level op; `name` stands for the file in diagnostics, which go to the context's handlers.
pub fn parse_operation<'c>(context: &'c Context, text: &str, name: &str) -> Option<Operation<'c>> {
    let text = std::ffi::CString::new(text).ok()?;
    let bytes = text.as_bytes();
    // SAFETY: the string is NUL-terminated, as the parser wants, and outlives the call.
    let raw = unsafe {
        mlir_sys::mlirOperationCreateParse(
            context.to_raw(),
            mlir_sys::MlirStringRef { data: bytes.as_ptr().cast(), length: bytes.len() },
            mlir_sys::MlirStringRef { data: name.as_ptr().cast(), length: name.len() },
        )
    };
    if raw.ptr.is_null() {
        return None;
    }
    // SAFETY: the parser returned an op that nobody else owns.
    Some(unsafe { Operation::from_raw(raw) })
}
