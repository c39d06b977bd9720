//! Being asked to stop: SIGINT, SIGTERM and SIGHUP end the process at once, with a sentence, and leave no temporary file.

use crate::host::Host;
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};
use std::{io, thread};

/// Waits for these signals from here on, in a thread of its own. One that the process was started to ignore stays
/// ignored, as for a job in the background.
///
/// # Errors
/// When the system gives no thread or no handler.
pub fn install(host: &'static Host) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal)))?;
    thread::Builder::new().name("interrupts".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(host, signal);
        }
    })?;
    Ok(())
}

/// Ends the process as shells expect it, with 128 and the signal's number.
fn end(host: &Host, signal: i32) -> ! {
    // Passes that look at it do not start anything new meanwhile.
    host.cancel();
    host.finish();
    ropt_mlir::llvm::remove_link_folders();
    let name = match signal {
        SIGINT => "SIGINT",
        SIGHUP => "SIGHUP",
        _ => "SIGTERM",
    };
    eprintln!("error: interrupted ({name})\n  = note: every output is whole, or as it was before");
    // SAFETY: ends the process. Other threads still work, so nothing of theirs may be torn down as `exit` would.
    unsafe { libc::_exit(128 + signal) }
}

fn is_ignored(signal: i32) -> bool {
    // SAFETY: only reads the action that is set.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &raw mut action) == 0 && action.sa_sigaction == libc::SIG_IGN
    }
}
