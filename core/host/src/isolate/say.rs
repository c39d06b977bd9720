//! Diagnostics on their way between processes: places as text, since a place is an attribute of one context.

use crate::services::Running;
use ropt_mlir::{
    mlir_sys::*,
    sys::{self, RoptStr},
};
use serde::{Deserialize, Serialize};
use std::ffi::c_void;

/// Something that MLIR said in the other process.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    /// As in the shim: 0 error, 1 warning, 2 remark.
    severity: u32,
    at: Line,
    notes: Vec<Line>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    location: String,
    message: String,
}

/// Whether a place's text is made of names, files and numbers alone. What else a place can hold, attributes of any kind,
/// was left out by who wrote it, and is not parsed here for who did not.
fn is_plain(text: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    text.bytes().all(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'<' | b'#' if !quoted => return false,
            _ => {}
        }
        true
    })
}

/// Places nest (callers, inlined code); deeper ones than this are no places but an attempt to fill a stack.
const DEEPEST: usize = 500;

/// Gives what MLIR says of the context to `sink`, instead of showing it, while `work` runs.
pub(crate) fn hear<T>(context: MlirContext, sink: &mut dyn FnMut(Said), work: impl FnOnce() -> T) -> T {
    let mut sink: &mut dyn FnMut(Said) = sink;
    let user: *mut c_void = (&raw mut sink).cast();
    // SAFETY: the handler is detached below, before what it points to ends; this process has one thread in MLIR.
    let id = unsafe { mlirContextAttachDiagnosticHandler(context, Some(handler), user, None) };
    let result = work();
    // SAFETY: attached above.
    unsafe { mlirContextDetachDiagnosticHandler(context, id) };
    result
}

unsafe extern "C" fn handler(diagnostic: MlirDiagnostic, user: *mut c_void) -> MlirLogicalResult {
    // SAFETY: `user` is the sink of `hear`; the diagnostic and its notes live during the call.
    unsafe {
        let sink = &mut *user.cast::<&mut dyn FnMut(Said)>();
        #[expect(non_upper_case_globals, reason = "the names are MLIR's")]
        let severity = match mlirDiagnosticGetSeverity(diagnostic) {
            MlirDiagnosticSeverity_MlirDiagnosticError => 0,
            MlirDiagnosticSeverity_MlirDiagnosticWarning => 1,
            _ => 2,
        };
        let notes = (0..mlirDiagnosticGetNumNotes(diagnostic)).map(|i| line(mlirDiagnosticGetNote(diagnostic, i)));
        sink(Said { severity, at: line(diagnostic), notes: notes.collect() });
    }
    MlirLogicalResult { value: 1 }
}

/// # Safety
/// The diagnostic must be alive.
unsafe fn line(diagnostic: MlirDiagnostic) -> Line {
    let (mut message, mut location) = (String::new(), String::new());
    // SAFETY: the caller's word; the sinks get the Strings above.
    unsafe {
        mlirDiagnosticPrint(diagnostic, Some(push), (&raw mut message).cast());
        let attribute = mlirLocationGetAttribute(sys::roptPlainLocation(mlirDiagnosticGetLocation(diagnostic)));
        mlirAttributePrint(attribute, Some(push), (&raw mut location).cast());
    }
    Line { location, message }
}

unsafe extern "C" fn push(text: MlirStringRef, user: *mut c_void) {
    // SAFETY: MLIR gives a live text, `user` is a String.
    unsafe {
        let bytes = std::slice::from_raw_parts(text.data.cast::<u8>(), text.length);
        (*user.cast::<String>()).push_str(&String::from_utf8_lossy(bytes));
    }
}

/// Says it again in this process, at the same place.
pub(crate) fn repeat(running: &Running, said: &Said) {
    let place = |line: &Line| location(running, &line.location).unwrap_or(running.location);
    let note = |line: &Line| sys::RoptNote { location: place(line), message: RoptStr::new(&line.message) };
    let notes: Vec<_> = said.notes.iter().map(note).collect();
    let message = RoptStr::new(&said.at.message);
    // SAFETY: the places are of the running context; the texts outlive the call.
    unsafe { sys::roptEmit(place(&said.at), said.severity.min(2), message, notes.as_ptr(), notes.len()) }
}

/// The place that the text means.
fn location(running: &Running, text: &str) -> Option<MlirLocation> {
    let deep = text.bytes().filter(|byte| matches!(byte, b'(' | b'[')).count() > DEEPEST;
    if deep || !is_plain(text) || !text.starts_with("loc(") {
        return None;
    }
    // SAFETY: the context is the running pass's; the text outlives the calls. What MLIR says against it concerns nobody.
    unsafe {
        let context = mlirLocationGetContext(running.location);
        let nobody = mlirContextAttachDiagnosticHandler(context, Some(ignore), thread().cast(), None);
        let attribute =
            mlirAttributeParseGet(context, MlirStringRef { data: text.as_ptr().cast(), length: text.len() });
        mlirContextDetachDiagnosticHandler(context, nobody);
        let is = !attribute.ptr.is_null() && mlirAttributeIsALocation(attribute);
        is.then(|| mlirLocationFromAttribute(attribute))
    }
}

/// An address that is this thread's alone.
fn thread() -> *mut u8 {
    thread_local!(static HERE: u8 = const { 0 });
    HERE.with(|here| std::ptr::from_ref(here).cast_mut())
}

unsafe extern "C" fn ignore(_: MlirDiagnostic, user: *mut c_void) -> MlirLogicalResult {
    // Other threads' diagnostics go on to their own handlers.
    MlirLogicalResult { value: i8::from(user.cast() == thread()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_with_attributes_is_not_plain() {
        for text in [r##"loc("a<#>.mlir":1:2)"##, r##"loc(callsite("f\"<"("a":1:1) at fused["b":2:2, unknown]))"##] {
            assert!(is_plain(text), "{text}");
        }
        for text in [r##"loc(fused<dense<0> : tensor<1xi8>>["a":1:1])"##, r##"loc("\\"#x)"##, "loc(#llvm.x)"] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
