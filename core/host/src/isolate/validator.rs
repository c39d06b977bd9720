//! A process beside each worker that reads what a pass gave back before the host does. A plugin that is not trusted may
//! send bytes that MLIR's reader or a verifier does not survive; here they cost a process that nobody misses.
//!
//! It has the op as host and worker have it, runs no plugin's code, and is shut in as a worker is.

use super::{
    Call,
    ending::Ending,
    serve::{Incoming, Kept, take_in},
    session::Channel,
    snapshot::{Snapshot, is_whole, try_op, whole},
    worker,
};
use crate::isolate::doing::Sender;
use ropt_isolation::wire::{Kind, message};
use ropt_mlir::mlir_sys::MlirContext;
use std::time::{Duration, Instant};

/// The host's end.
pub(crate) struct Validator {
    channel: Channel,
    /// What it must be told before the next check.
    pending: Vec<u8>,
    /// How much of that is for the process and not of an op.
    hello: usize,
}

impl Drop for Validator {
    fn drop(&mut self) {
        self.channel.end(Duration::ZERO);
    }
}

impl Validator {
    pub(super) fn start(call: &Call<'_>) -> Result<Self, Ending> {
        let mut pending = Vec::new();
        let channel = worker::start(call, true, &mut pending)?;
        Ok(Self { channel, hello: pending.len(), pending })
    }

    /// The host told the worker this of its op.
    pub(super) fn told(&mut self, ir: &[u8]) {
        if ir.is_empty() {
            return;
        }
        if is_whole(ir) {
            // Another op, so that nobody needs what was said of the one before.
            self.pending.truncate(self.hello);
        }
        self.push(&[], ir);
    }

    fn push(&mut self, pattern: &[u8], ir: &[u8]) {
        self.pending.extend(message(self.channel.number, Kind::Request, pattern));
        self.pending.extend(message(self.channel.number, Kind::Ir, ir));
    }

    /// What the bytes tell against `then`, in bytes of a process that no plugin has been in.
    pub(super) fn check(
        &mut self,
        call: &Call<'_>,
        then: &Snapshot,
        ir: &[u8],
        end: Instant,
    ) -> Result<Vec<u8>, Ending> {
        self.push(&then.pattern().to_le_bytes(), ir);
        worker::allow_time(self.channel.pid(), call.rules.limits.cpu_s);
        let outgoing = std::mem::take(&mut self.pending);
        self.hello = 0;
        match self.channel.exchange(call, &outgoing, end) {
            Ok(done) if done.code == 0 => Ok(done.ir),
            Ok(_) => Err(Ending::Unreadable),
            Err(ending) => Err(Ending::Deadly(Box::new(ending))),
        }
    }
}

/// What the bytes did, in bytes of this process's own.
fn written(then: Option<Kept>, now: &Kept, ir: &[u8]) -> Option<Vec<u8>> {
    let then = then.map(|then| then.snapshot);
    // SAFETY: the op is this thread's, and so is the context.
    unsafe {
        try_op(now.op, then.as_ref(), ir, false);
        match then {
            Some(then) => then.change_to(&now.snapshot),
            None => whole(now.op),
        }
    }
}

/// The process's work: takes in what it gets, and answers what came with a pattern, of that which it is told against.
pub(super) fn serve(context: MlirContext, incoming: &mut Incoming, sender: &Sender) {
    let mut kept: Option<Kept> = None;
    while let (Some((Kind::Request, pattern)), Some((Kind::Ir, ir))) = (incoming.next(), incoming.next()) {
        let asked = !pattern.is_empty();
        let agreed = |kept: &Kept| kept.snapshot.pattern().to_le_bytes() == pattern[..];
        // Numbers of another table would mean something else.
        let readable = !asked || is_whole(&ir) || kept.as_ref().is_some_and(agreed);
        let then = kept.take();
        let op = if readable { take_in(context, then.as_ref(), &ir) } else { None };
        // SAFETY: the op is this thread's, and so is the context.
        kept = op.map(|op| unsafe { Kept::now(op) });
        if asked {
            let written = kept.as_ref().and_then(|now| written(then.filter(|_| !is_whole(&ir)), now, &ir));
            if let Some(written) = &written {
                sender.send(Kind::Ir, written);
            }
            sender.tell(Kind::Done, &(i32::from(written.is_none()), 0, true));
        }
    }
}
