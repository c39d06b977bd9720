//! Collecting what MLIR says on this thread, instead of showing it.

use melior::{Context, ir::Location};
use mlir_sys::*;
use std::{ffi::c_void, thread::ThreadId};

/// Something that MLIR said.
#[derive(Debug, Clone)]
pub struct Said<'c> {
    /// Whether it is an error; else a warning, remark or note.
    pub error: bool,
    /// Where.
    pub location: Location<'c>,
    /// What.
    pub text: String,
}

struct Heard {
    thread: ThreadId,
    said: Vec<(bool, MlirLocation, String)>,
}

/// Runs `work`; what MLIR reports on this thread meanwhile comes back and is not shown. Other threads' reports go on
/// to their own handlers.
pub fn quietly<'c, T>(context: &'c Context, work: impl FnOnce() -> T) -> (T, Vec<Said<'c>>) {
    let mut heard = Box::new(Heard { thread: std::thread::current().id(), said: Vec::new() });
    let user: *mut c_void = std::ptr::from_mut(heard.as_mut()).cast();
    // SAFETY: the handler is detached below, before what it points to ends.
    let id = unsafe { mlirContextAttachDiagnosticHandler(context.to_raw(), Some(hear), user, None) };
    let result = work();
    // SAFETY: attached above.
    unsafe { mlirContextDetachDiagnosticHandler(context.to_raw(), id) };
    let said = heard.said.into_iter().map(|(error, location, text)| {
        // SAFETY: locations live as long as the context.
        let location = unsafe { Location::from_raw(location) };
        Said { error, location, text }
    });
    (result, said.collect())
}

/// Runs `work`; whether MLIR reported anything on this thread meanwhile, which is shown as always.
pub fn heard<T>(context: &Context, work: impl FnOnce() -> T) -> (T, bool) {
    let mut noticed = Box::new((std::thread::current().id(), false));
    let user: *mut c_void = std::ptr::from_mut(noticed.as_mut()).cast();
    // SAFETY: the handler is detached below, before what it points to ends.
    let id = unsafe { mlirContextAttachDiagnosticHandler(context.to_raw(), Some(notice), user, None) };
    let result = work();
    // SAFETY: attached above.
    unsafe { mlirContextDetachDiagnosticHandler(context.to_raw(), id) };
    (result, noticed.1)
}

unsafe extern "C" fn notice(_: MlirDiagnostic, user: *mut c_void) -> MlirLogicalResult {
    // SAFETY: `user` is the box above; MLIR calls handlers one at a time, under its own lock.
    let noticed = unsafe { &mut *user.cast::<(ThreadId, bool)>() };
    noticed.1 |= noticed.0 == std::thread::current().id();
    // Not handled: the next handler shows it.
    MlirLogicalResult { value: 0 }
}

unsafe extern "C" fn hear(diagnostic: MlirDiagnostic, user: *mut c_void) -> MlirLogicalResult {
    // SAFETY: `user` is the box above; MLIR calls handlers one at a time, under its own lock.
    let heard = unsafe { &mut *user.cast::<Heard>() };
    let mine = heard.thread == std::thread::current().id();
    if mine {
        let mut text = String::new();
        // SAFETY: the diagnostic is live during the call, and the sink gets the String above.
        unsafe {
            mlirDiagnosticPrint(diagnostic, Some(push), std::ptr::from_mut(&mut text).cast());
            let error = mlirDiagnosticGetSeverity(diagnostic) == MlirDiagnosticSeverity_MlirDiagnosticError;
            heard.said.push((error, mlirDiagnosticGetLocation(diagnostic), text));
        }
    }
    MlirLogicalResult { value: i8::from(mine) }
}

unsafe extern "C" fn push(text: MlirStringRef, user: *mut c_void) {
    // SAFETY: MLIR gives a live text, `user` is a String.
    unsafe {
        let bytes = std::slice::from_raw_parts(text.data.cast::<u8>(), text.length);
        (*user.cast::<String>()).push_str(&String::from_utf8_lossy(bytes));
    }
}
