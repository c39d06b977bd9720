//! Ops as text and back.

use crate::sys;
use melior::{
    Context,
    ir::{Operation, OperationRef},
};

/// The op's textual form; `generic` prints MLIR's generic form.
pub fn op_text(op: OperationRef<'_, '_>, generic: bool) -> String {
    // SAFETY: the sink and its list live during the call.
    sys::collect(|sink, user| unsafe { sys::roptPrintOp(op.to_raw(), generic, sink, user) }).concat()
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
