//! The side that does the work: runs a pass and tells the host of it, as long as it lives.

use super::{
    say,
    wire::{Kind, message},
};
use crate::host::Host;
use ropt_mlir::{
    mlir_sys::{MlirContext, MlirOperation},
    sys,
};
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

    /// Does the pass's work on `op` and sends all that comes of it. An op whose bytes are those of `before` is the host's
    /// already, and nothing is sent for it.
    pub(crate) fn report(
        &self,
        host: &Host,
        context: MlirContext,
        (op, before): (MlirOperation, &[u8]),
        work: impl FnOnce() -> i32,
    ) {
        let mut sink = |said| self.tell(Kind::Said, &said);
        let mut ir: Vec<u8> = Vec::new();
        let code = say::hear(context, &mut sink, || {
            let code = work();
            // SAFETY: the op is alive, the sink gets the Vec above. An op that cannot be written is diagnosed.
            if code == 0 { unsafe { sys::roptWriteOp(op, sys::push_bytes, (&raw mut ir).cast()) } } else { code }
        });
        self.tell(Kind::Counted, &host.statistics.take());
        if code == 0 {
            self.send(Kind::Ir, if ir == before { &[] } else { &ir });
        }
        self.tell(Kind::Done, &(code, host.failure_code()));
    }
}
