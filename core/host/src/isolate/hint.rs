//! What a crash handler says in a process that runs a pass for another one: nothing to the user, a message to the host.

use ropt_isolation::wire::{HEADER, Kind, header};
use std::sync::OnceLock;

/// What a wait status does not tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// The status tells all.
    None,
    /// The stack was full.
    Overflow,
    /// Memory was full.
    OutOfMemory,
}

/// The connection, and messages made ready because a signal handler may not allocate.
struct Ready {
    wire: i32,
    overflow: [u8; HEADER],
    memory: [u8; HEADER],
}

static READY: OnceLock<Ready> = OnceLock::new();

/// From here on a bad end is the host's to tell of, at the other end of the connection.
pub(crate) fn report_to(wire: i32, number: u64) {
    let (overflow, memory) = (header(number, Kind::Overflow, &[]), header(number, Kind::OutOfMemory, &[]));
    let _ = READY.set(Ready { wire, overflow, memory });
}

/// Whether this process runs passes for another one.
pub(crate) fn apart() -> bool {
    READY.get().is_some()
}

/// Gives the host a hint, if there is one to give it to. Async-signal-safe.
pub(crate) fn hint(hint: Hint) -> bool {
    let Some(ready) = READY.get() else { return false };
    let message = match hint {
        Hint::None => return true,
        Hint::Overflow => &ready.overflow,
        Hint::OutOfMemory => &ready.memory,
    };
    // SAFETY: write(2) is async-signal-safe and the message is static.
    unsafe { libc::write(ready.wire, message.as_ptr().cast(), message.len()) };
    true
}
