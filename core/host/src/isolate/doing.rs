//! The side that does the work: runs a pass and tells the host of it, as long as it lives.

use super::{
    say,
    snapshot::{Snapshot, try_op, whole},
};
use crate::host::Host;
use ropt_isolation::wire::{Kind, message};
use ropt_mlir::mlir_sys::{MlirContext, MlirOperation};
use serde::Serialize;
use std::{io::Write, os::unix::net::UnixStream};

/// The connection to the host.
pub(crate) struct Sender {
    wire: UnixStream,
    number: u64,
}

impl Sender {
    pub(crate) fn new(wire: UnixStream, number: u64) -> Self {
        Self { wire, number }
    }

    /// Sends a message. Without a host there is nothing left to do.
    pub(crate) fn send(&self, kind: Kind, payload: &[u8]) {
        if (&self.wire).write_all(&message(self.number, kind, payload)).is_err() {
            // SAFETY: ends the process; nothing of it is worth keeping.
            unsafe { libc::_exit(1) }
        }
    }

    pub(crate) fn tell(&self, kind: Kind, what: &impl Serialize) {
        self.send(kind, &serde_json::to_vec(what).unwrap_or_default());
    }

    /// Does the pass's work on `op` and sends all that comes of it, told against `then`, a snapshot of it as it is; none:
    /// told in full. Gives whether it was done, and whether the op is another one now. `keeps`: whether this process will
    /// have the op after it.
    pub(crate) fn report(
        &self,
        host: &Host,
        context: MlirContext,
        (op, then): (MlirOperation, Option<&Snapshot>),
        keeps: bool,
        work: impl FnOnce() -> i32,
    ) -> (bool, bool) {
        let mut sink = |said| self.tell(Kind::Said, &said);
        let mut ir = Some(Vec::new());
        let mut code = say::hear(context, &mut sink, || {
            let code = work();
            if code == 0 {
                // SAFETY: the op is alive, and nobody changes it now. An op that cannot be written is diagnosed.
                ir = unsafe {
                    match then {
                        Some(then) => then.change_to(&Snapshot::take(op, false)),
                        None => whole(op),
                    }
                };
            }
            code
        });
        if let Some(ir) = ir.as_ref().filter(|ir| code == 0 && !keeps && !ir.is_empty()) {
            // Here it costs a child; a worker has its validator.
            // SAFETY: as above.
            unsafe { try_op(op, then, ir, true) };
        }
        self.tell(Kind::Counted, &host.statistics.take());
        match &ir {
            Some(ir) if code == 0 => self.send(Kind::Ir, ir),
            _ => code = code.max(1),
        }
        self.tell(Kind::Done, &(code, host.failure_code(), keeps && code == 0));
        (code == 0, ir.is_some_and(|ir| !ir.is_empty()))
    }
}
