//! The process that writes a reproducer, started by one that ended badly.

use super::{FOUND, Order, WORD, header, read};
use crate::{HostError, host::Host, run, watch::Watcher};
use ropt_mlir::sys;
use std::{
    fs::File,
    os::fd::FromRawFd,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// How long a run of a pass may take before it counts as hanging, when no limit was given.
const LONGEST: Duration = Duration::from_secs(3600);

static PROBING: AtomicBool = AtomicBool::new(false);

/// Whether this process looks for a failure, so that one is nothing to tell of.
pub(crate) fn probing() -> bool {
    PROBING.load(Ordering::Relaxed)
}

/// Whether the command line asks this process to write a reproducer; then it does and ends.
///
/// # Errors
/// When it cannot be set up.
pub fn write(args: &[String]) -> Result<Option<i32>, HostError> {
    let Some(descriptor) = args.first().and_then(|arg| arg.strip_prefix(WORD)?.parse::<i32>().ok()) else {
        return Ok(None);
    };
    PROBING.store(true, Ordering::Relaxed);
    // Who started this process waits for it; without that one, the file is for nobody, and a pass that hangs would stay.
    // SAFETY: system calls on numbers.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        if libc::getppid() == 1 {
            libc::_exit(1);
        }
    }
    // SAFETY: the process that started this one gave it the descriptor, and nothing else here has it.
    let memory = unsafe { File::from_raw_fd(descriptor) };
    let (pass, order, input) = read(&memory).map_err(HostError::Worker)?;
    let host = run::set_up(&args[1..])?;
    host.set_flags(&order.compile_flags);
    let mut flags = order.flags.clone();
    if !flags.iter().any(|flag| flag.contains("mlir-disable-threading")) {
        flags.push("--mlir-disable-threading".into());
    }
    host.set_mlir_flags(&flags);
    run::parse_flags(&flags);
    Ok(Some(search(host, &pass, &order, &input)))
}

/// Runs the pipeline until the pass ends badly.
fn search(host: &'static Host, pass: &str, order: &Order, input: &[u8]) -> i32 {
    let head = header::text(host, pass, order);
    let found = |text: &[u8], whole: bool| {
        let file = [head.as_bytes(), text, b"\n"].concat();
        let written = ropt_output::write(&order.path, &file).is_ok();
        if !whole && written {
            host.finish();
            // SAFETY: ends the process, of which nothing is needed any more.
            unsafe { libc::_exit(FOUND) }
        }
    };
    let watcher = Watcher::new(host, None, Some(&found));
    let limit = host.settings().pass_timeout.map_or(LONGEST, Duration::from_secs_f64);
    let mut call = run::call(&order.input_name, input, &watcher);
    call.probe = sys::RoptStr::new(pass);
    // A pass that runs apart has its own limit, which is to come first.
    call.probe_ms = (limit + Duration::from_secs(1)).as_millis() as u64;
    // SAFETY: everything the call refers to lives until it returns.
    unsafe { sys::roptRun(&raw mut call) };
    1
}
