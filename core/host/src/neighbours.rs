//! `--check-neighbours`: whether a pass changes what is around its op, which belongs to other passes, on other threads.
//!
//! What is around the op is summed before and after each run, so that all of the module is gone through twice a run, and
//! MLIR has one thread. It is for those who look for a mistake. A pass that kept an address of an op of an earlier run, and
//! uses it, is found as well, unless the op is gone by then: then it crashes, or nothing can tell.

use crate::{crash::who, isolate::Snapshot, services::Running};
use ropt_abi::{RawLocation, pass::Note, services::Severity};
use ropt_mlir::{
    ir::symbol_name,
    melior::ir::OperationRef,
    mlir_sys::{MlirOperation, mlirOperationGetLocation},
};

/// Does a pass's work on `op`, and fails it for what it changed elsewhere.
pub(crate) fn watched(running: &Running, op: MlirOperation, work: impl FnOnce() -> i32) -> i32 {
    if !running.host.settings().check_neighbours {
        return work();
    }
    // SAFETY: the op is alive.
    let before = unsafe { Snapshot::around(op) };
    let code = work();
    // SAFETY: a pass does not end the op that it was given.
    let after = unsafe { Snapshot::around(op) };
    match (before, after) {
        (Some(before), Some(after)) if code == 0 => match before.changed(&after) {
            Some(what) => blame(running, what),
            None => 0,
        },
        _ => code,
    }
}

fn blame(running: &Running, what: Option<MlirOperation>) -> i32 {
    let host = running.host;
    host.failed_with(3);
    let mut at = RawLocation(std::ptr::null_mut());
    let name = what.map_or("the ops around its own".to_owned(), |op| {
        // SAFETY: the op was met a moment ago.
        let (op, location) = unsafe { (OperationRef::from_raw(op), mlirOperationGetLocation(op)) };
        at = RawLocation(location.ptr.cast_mut().cast());
        symbol_name(op).map_or("an op around its own".to_owned(), |name| format!("`@{name}`"))
    });
    let help = "help: a pass may change its op and what is in it; one that changes more is a pass on the module";
    let notes = [Note { location: RawLocation(std::ptr::null_mut()), message: help.into() }];
    let message = format!("{} changed {name}, which is not what it ran on", who(host, &running.record.pass));
    running.emit(at, Severity::Error, &message, &notes);
    1
}
