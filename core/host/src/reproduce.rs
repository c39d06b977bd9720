//! A file that shows a failure again: the IR before the pass that failed, the pass with its options, the flags, and which
//! plugins there were, for `ropt --run-reproducer`.
//!
//! A process that crashed cannot print its IR any more: its memory may be broken, its locks held, its other threads at
//! work. So a run puts its input and its settings into a memory file when it begins, which costs a copy, and a bad end, in
//! a signal handler too, only notes the pass's name there and starts the program afresh. That one ([`write()`]) runs the
//! pipeline again on one thread, tries each run of the pass in a child first, and writes what it holds itself when a child
//! ends badly. When none does, as with a failure that depends on threads, the file has the input and the whole pipeline.

mod header;
mod write;

pub use header::{Replay, replay};
pub(crate) use write::probing;
pub use write::write;

use crate::{crash, host::Host, run::Job};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    ffi::{CString, c_char},
    io::{self, Write},
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::{ffi::OsStrExt, fs::FileExt},
    },
    path::PathBuf,
    sync::OnceLock,
};

/// Bytes at the start of the memory file for the pass's name.
const NAME: usize = 256;
/// The first word of the writing process's command line; the memory file's descriptor follows.
const WORD: &str = "--write-reproducer=";

/// What the run is that is to be shown again.
#[derive(Serialize, Deserialize)]
struct Order {
    input_name: String,
    pipeline: Option<String>,
    /// MLIR's flags.
    flags: Vec<String>,
    /// Flags of `ropt compile`.
    compile_flags: HashMap<String, Vec<String>>,
    /// Our flags on running passes.
    settings: Vec<String>,
    /// The input's length; it follows.
    input: usize,
    /// Where the file goes.
    path: PathBuf,
}

/// All that a signal handler needs.
struct Ready {
    memory: OwnedFd,
    program: CString,
    arguments: Vec<*const c_char>,
    environment: Vec<*const c_char>,
    path: CString,
    shown: String,
}

// SAFETY: the pointers are to leaked strings, which nobody changes.
unsafe impl Send for Ready {}
// SAFETY: as above.
unsafe impl Sync for Ready {}

static READY: OnceLock<Ready> = OnceLock::new();

/// Makes ready for a bad end of the job. Nothing is done when the user wants no file, or a file is being replayed.
///
/// # Errors
/// When the system gives no memory file.
pub(crate) fn prepare(host: &Host, job: &Job, flags: &[String]) -> io::Result<()> {
    let settings = host.settings();
    let replays = flags.iter().any(|flag| flag.trim_start_matches('-').starts_with("run-reproducer"));
    let path = match &settings.reproducer {
        Some(path) if path.as_os_str().is_empty() => return Ok(()),
        Some(path) => std::path::absolute(path)?,
        None if replays => return Ok(()),
        None => std::env::temp_dir().join(format!("ropt-reproducer-{}.mlir", std::process::id())),
    };
    let order = Order {
        input_name: job.input.0.clone(),
        pipeline: job.pipeline.as_ref().map(|(text, _)| text.clone()),
        flags: flags.to_vec(),
        compile_flags: host.flags.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone(),
        settings: settings.given.iter().filter(|flag| !flag.contains("crash-reproducer=")).cloned().collect(),
        input: job.input.1.len(),
        path: path.clone(),
    };
    let order = serde_json::to_vec(&order)?;
    // SAFETY: makes a descriptor, which nobody else has.
    let memory = unsafe {
        let made = libc::memfd_create(c"ropt-run".as_ptr(), libc::MFD_CLOEXEC);
        if made < 0 {
            return Err(io::Error::last_os_error());
        }
        OwnedFd::from_raw_fd(made)
    };
    let mut file = std::fs::File::from(memory.try_clone()?);
    file.write_all(&[0; NAME])?;
    file.write_all(&(order.len() as u64).to_le_bytes())?;
    file.write_all(&order)?;
    file.write_all(&job.input.1)?;
    let program = std::env::current_exe()?;
    let mut arguments = vec![leak("ropt"), leak(&format!("{WORD}{}", memory.as_raw_fd()))];
    arguments.extend(host.plugin_arguments().iter().map(|argument| leak(argument)));
    arguments.extend(settings.given.iter().filter(|flag| !flag.contains("crash-reproducer=")).map(|flag| leak(flag)));
    arguments.push(std::ptr::null());
    let mut environment: Vec<_> = std::env::vars_os()
        .map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat())
        .filter_map(|entry| Some(CString::new(entry).ok()?.into_raw().cast_const()))
        .collect();
    environment.push(std::ptr::null());
    let text = |path: &std::path::Path| CString::new(path.as_os_str().as_bytes()).unwrap_or_default();
    let shown = path.display().to_string();
    let (program, path) = (text(&program), text(&path));
    // A second job of a process is shown as the first one's; there is none.
    let _ = READY.set(Ready { memory, program, arguments, environment, path, shown });
    Ok(())
}

/// A string that lives as long as the process, for `execve`.
fn leak(text: &str) -> *const c_char {
    CString::new(text).unwrap_or_default().into_raw()
}

/// What the writing process says by its exit code.
const FOUND: i32 = 0;

/// Has a reproducer written for the pass that ended badly; an empty name stands for what comes before the passes.
/// Async-signal-safe.
pub(crate) fn leave(pass: &str) {
    let Some(ready) = READY.get() else { return };
    let name = if pass.is_empty() { b"-" } else { &pass.as_bytes()[..pass.len().min(NAME - 1)] };
    // SAFETY: system calls that a signal handler may make, on memory that was made ready. The clone is a fork without
    // what glibc does around one, which may wait for locks of threads that never go on; the child only starts a program.
    let found = unsafe {
        libc::unlink(ready.path.as_ptr());
        libc::pwrite(ready.memory.as_raw_fd(), name.as_ptr().cast(), name.len(), 0);
        let child = libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) as libc::pid_t;
        if child == 0 {
            start(ready);
        }
        let mut status = 0;
        while child > 0 && libc::waitpid(child, &raw mut status, 0) < 0 && *libc::__errno_location() == libc::EINTR {}
        if child > 0 && libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == FOUND {
            "the IR before it is in "
        } else if libc::access(ready.path.as_ptr(), libc::F_OK) == 0 {
            "it did not fail alone; the input and the whole pipeline are in "
        } else {
            return;
        }
    };
    for text in
        ["  = note: ", found, &ready.shown, "\n  = help: `ropt --run-reproducer ", &ready.shown, "` replays it\n"]
    {
        crash::write(text);
    }
}

/// # Safety
/// Only in a child, which becomes another program here.
unsafe fn start(ready: &Ready) -> ! {
    // SAFETY: system calls, and strings that end with NUL.
    unsafe {
        libc::fcntl(ready.memory.as_raw_fd(), libc::F_SETFD, 0);
        // The program starts with the signals that a handler holds back, unless they are let through again.
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
        let null = libc::open(c"/dev/null".as_ptr(), libc::O_RDWR);
        for descriptor in 0..3 {
            libc::dup2(null, descriptor);
        }
        libc::execve(ready.program.as_ptr(), ready.arguments.as_ptr(), ready.environment.as_ptr());
        libc::_exit(127)
    }
}

/// Reads what [`prepare`] and [`leave`] wrote.
fn read(memory: &std::fs::File) -> io::Result<(String, Order, Vec<u8>)> {
    let mut name = [0; NAME];
    memory.read_exact_at(&mut name, 0)?;
    let mut length = [0; 8];
    memory.read_exact_at(&mut length, NAME as u64)?;
    let mut order = vec![0; u64::from_le_bytes(length) as usize];
    memory.read_exact_at(&mut order, NAME as u64 + 8)?;
    let begins = NAME as u64 + 8 + order.len() as u64;
    let order: Order = serde_json::from_slice(&order)?;
    let mut input = vec![0; order.input];
    memory.read_exact_at(&mut input, begins)?;
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok((String::from_utf8_lossy(name).into_owned(), order, input))
}
