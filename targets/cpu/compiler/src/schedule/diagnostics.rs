//! Collecting what MLIR says on this thread, instead of showing it.

use std::{ffi::c_void, thread::ThreadId};

use ropt_mlir::{
    melior::Context,
    mlir_sys::{
        MlirDiagnostic, MlirDiagnosticHandlerID, MlirLogicalResult, MlirStringRef, mlirContextAttachDiagnosticHandler,
        mlirContextDetachDiagnosticHandler, mlirDiagnosticPrint,
    },
};

struct Heard {
    thread: ThreadId,
    messages: Vec<String>,
}

/// Runs `work`; what MLIR reports on this thread meanwhile comes back as text. Other threads' reports go on to their
/// own handlers.
pub(super) fn quietly<T>(context: &Context, work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let mut heard = Box::new(Heard { thread: std::thread::current().id(), messages: Vec::new() });
    let user: *mut c_void = std::ptr::from_mut(heard.as_mut()).cast();
    // SAFETY: the handler is detached below, before what it points to ends.
    let id: MlirDiagnosticHandlerID =
        unsafe { mlirContextAttachDiagnosticHandler(context.to_raw(), Some(hear), user, None) };
    let result = work();
    // SAFETY: attached above.
    unsafe { mlirContextDetachDiagnosticHandler(context.to_raw(), id) };
    (result, heard.messages)
}

unsafe extern "C" fn hear(diagnostic: MlirDiagnostic, user: *mut c_void) -> MlirLogicalResult {
    // SAFETY: `user` is the box above; MLIR calls handlers one at a time, under its own lock.
    let heard = unsafe { &mut *user.cast::<Heard>() };
    let mine = heard.thread == std::thread::current().id();
    if mine {
        let mut text = String::new();
        // SAFETY: the diagnostic is live during the call, and the sink gets the String above.
        unsafe { mlirDiagnosticPrint(diagnostic, Some(push), std::ptr::from_mut(&mut text).cast()) };
        heard.messages.push(text);
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
