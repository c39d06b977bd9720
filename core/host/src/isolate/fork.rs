//! A child for each run of a pass. It inherits context, module and settings, so that a pass finds everything as it does
//! without isolation, and loads the plugin for itself.
//!
//! MLIR has one thread here ([`super::Settings::forks`]), and no lock of its is held while this thread runs a pass. The
//! host's other threads (signals, time limits) hold none but for moments in which they ask for memory, and glibc's
//! allocator is put in order for a child.

use super::{
    Call,
    doing::Sender,
    ending::Ending,
    sandbox,
    session::{Channel, Done, Ends},
    snapshot::Snapshot,
};
use crate::{bridge, crash};
use std::{
    io::{self, Write},
    os::fd::AsRawFd,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::Ordering,
};

pub(crate) fn run(call: &Call<'_>) -> Result<Done, Ending> {
    // What is made now is the host's, to be removed when it ends; a child's own would stay.
    let _ = call.running.host.work_dir();
    // A child that calls exit would write these once more.
    let _ = (io::stdout().flush(), io::stderr().flush());
    // What a child finds out is lost, and what is found out here it inherits.
    let _ = call.running.host.checked(call.plugin);
    // SAFETY: the op is alive.
    let then = unsafe { Snapshot::take(call.op, true) };
    let (channel, ends) = Channel::new()?;
    // SAFETY: see above.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error().into()),
        0 => {
            let _ = catch_unwind(AssertUnwindSafe(|| child(call, ends, channel.number, &then)));
            // SAFETY: ends the process, with nothing of the host's torn down twice.
            unsafe { libc::_exit(0) }
        }
        pid => {
            drop(ends);
            let mut channel = channel.of(pid);
            let done = channel.exchange(call, &[], call.end())?;
            call.running.host.workers.dismiss(channel);
            if done.code == 0 {
                call.running.host.plugins[call.plugin].known.store(true, Ordering::Relaxed);
                call.adopt(&done.ir, &then)?;
            }
            Ok(done)
        }
    }
}

fn child(call: &Call<'_>, ends: Ends, number: u64, then: &Snapshot) {
    let host = call.running.host;
    // SAFETY: calls of the system on descriptors that are open; no other thread is here.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        let null = libc::open(c"/dev/null".as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC);
        libc::dup2(null, 0);
        libc::dup2(ends.output.as_raw_fd(), 1);
        libc::dup2(ends.output.as_raw_fd(), 2);
        for signal in [libc::SIGTERM, libc::SIGHUP, libc::SIGXFSZ] {
            libc::signal(signal, libc::SIG_DFL);
        }
        // A terminal interrupts both; the host tells of it, and this one goes with it.
        libc::signal(libc::SIGINT, libc::SIG_IGN);
    }
    crash::report_to(ends.wire.as_raw_fd(), number);
    let sender = Sender::new(ends.wire, number);
    let _ = host.statistics.take();
    if let Err(error) = sandbox::enter(call.rules) {
        eprintln!("error: cannot limit the process of a pass: {error}");
        // SAFETY: as in `run`. Without its limits a pass does not run.
        unsafe { libc::_exit(1) }
    }
    // SAFETY: the op and its context are alive in the copy as they are in the host.
    let context = unsafe { ropt_mlir::mlir_sys::mlirOperationGetContext(call.op) };
    sender.report(host, context, (call.op, Some(then)), false, || bridge::run_here(call));
}
