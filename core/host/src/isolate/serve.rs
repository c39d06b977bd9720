//! A worker: the program once more, which takes passes and ops from its standard input and gives back what came of them.

use super::{
    doing::Sender,
    sandbox,
    snapshot::{Snapshot, adopt},
    validator,
    worker::{Hello, WORD},
};
use crate::{HostError, crash, host::Host, run};
use ropt_isolation::wire::{Kind, Reader};
use ropt_mlir::{
    mlir_sys::{MlirContext, MlirOperation, mlirOperationDestroy, mlirOperationGetContext},
    sys,
};
use std::{
    io::{self, Read},
    os::{
        fd::{AsRawFd, FromRawFd},
        unix::net::UnixStream,
    },
    path::PathBuf,
    thread,
};

/// What everything needs to read that runs at all.
const SYSTEM: [&str; 8] =
    ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom", "/proc/self"];

/// Whether the command line makes this process a worker; then it works and ends.
///
/// # Errors
/// When it cannot be set up or locked in.
pub fn serve(args: &[String]) -> Result<Option<i32>, HostError> {
    let Some(number) = args.first().and_then(|arg| arg.strip_prefix(WORD)?.parse().ok()) else { return Ok(None) };
    let wire = connection().map_err(HostError::Worker)?;
    let host = run::set_up_worker(&args[1..])?;
    let mut incoming =
        Incoming { wire: wire.try_clone().map_err(HostError::Worker)?, reader: Reader::default(), number };
    let Some((Kind::Hello, hello)) = incoming.next() else { return Ok(Some(1)) };
    let hello: Hello = serde_json::from_slice(&hello).map_err(|error| HostError::Worker(error.into()))?;
    host.set_flags(&hello.flags);
    host.set_mlir_flags(&hello.mlir);
    run::parse_flags(&hello.mlir);
    lock_in(&hello)?;
    end_with_host(&wire).map_err(HostError::Worker)?;
    crash::report_to(wire.as_raw_fd(), number);
    let sender = Sender::new(wire, number);
    // What an op took is taken by the next one; giving it back to the system in between costs more than the pass.
    // SAFETY: sets a number of the allocator's.
    unsafe { libc::mallopt(libc::M_TRIM_THRESHOLD, 256 << 20) };
    // SAFETY: everything is registered by now.
    let context = unsafe { sys::roptWorkerContext() };
    if hello.validates {
        validator::serve(context, &mut incoming, &sender);
        return Ok(Some(0));
    }
    let mut kept = None;
    while let (Some((Kind::Request, request)), Some((Kind::Ir, ir))) = (incoming.next(), incoming.next()) {
        let Some((pattern, pass)) = request.split_first_chunk() else { return Ok(Some(1)) };
        let had = match kept.take() {
            // It is the one that is here.
            Some(kept) if ir.is_empty() => Some(kept),
            // SAFETY: the op is this thread's and stays as it is.
            before => take_in(context, before.as_ref(), &ir).map(|op| unsafe { Kept::now(op) }),
        };
        let Some(had) = had else {
            eprintln!("error: a worker of ropt cannot read the op of `{}`", String::from_utf8_lossy(pass));
            return Ok(Some(1));
        };
        kept = one(host, &sender, had, u64::from_le_bytes(*pattern), &String::from_utf8_lossy(pass));
    }
    Ok(Some(0))
}

/// An op of this worker, as the host has it.
pub(super) struct Kept {
    pub(super) op: MlirOperation,
    pub(super) snapshot: Snapshot,
}

impl Kept {
    /// # Safety
    /// The op must be alive.
    pub(super) unsafe fn now(op: MlirOperation) -> Self {
        // SAFETY: the caller's word.
        Self { op, snapshot: unsafe { Snapshot::take(op, true) } }
    }
}

/// The op that the bytes tell of: a change of the one that is here, or another one, behind which the former is gone.
pub(super) fn take_in(context: MlirContext, kept: Option<&Kept>, bytes: &[u8]) -> Option<MlirOperation> {
    // SAFETY: the context and what is in it are this thread's.
    unsafe {
        // Another op. It is read before the one that was here goes, so that whoever kept an address has none of this one.
        let other = sys::roptReadOp(context, sys::RoptStr::of_bytes(bytes));
        let op = match kept {
            Some(kept) if other.ptr.is_null() => {
                adopt(kept.op, Some(&kept.snapshot), bytes).ok()?;
                kept.op
            }
            Some(kept) => {
                mlirOperationDestroy(kept.op);
                other
            }
            None => other,
        };
        (!op.ptr.is_null()).then_some(op)
    }
}

/// Runs one pass. Gives the op if host and worker have the same then.
fn one(host: &Host, sender: &Sender, had: Kept, pattern: u64, pass: &str) -> Option<Kept> {
    let Kept { op, snapshot } = had;
    // Otherwise something of the op was lost on the way, and it goes back in full.
    let agreed = snapshot.pattern() == pattern;
    host.start_again();
    // SAFETY: the op is alive.
    let context = unsafe { mlirOperationGetContext(op) };
    let (done, changed) = sender.report(host, context, (op, agreed.then_some(&snapshot)), agreed, || {
        let mut code = 0;
        let words = sys::collect(|sink, user| {
            // SAFETY: the op is ours, the sink lives during the call.
            code = unsafe { sys::roptRunPass(op, sys::RoptStr::new(pass), sink, user) };
        });
        if code == 1 {
            eprintln!("error: a worker of ropt cannot read `{pass}`: {}", words.concat().trim());
        }
        code
    });
    // SAFETY: nobody else has the op.
    unsafe {
        if !(done && agreed) {
            mlirOperationDestroy(op);
            return None;
        }
        let snapshot = if changed { Snapshot::take(op, true) } else { snapshot };
        Some(Kept { op, snapshot })
    }
}

/// Takes the connection away from where a plugin's own reading of its standard input would find it.
fn connection() -> io::Result<UnixStream> {
    // SAFETY: nothing was opened here yet, so that what is open from the fourth on was left open by who started the host;
    // descriptor 0 is the socket that the host gave, and the copy is nobody else's.
    unsafe {
        if libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32) < 0 {
            // Linux before 5.9.
            for descriptor in 3..libc::getdtablesize() {
                libc::close(descriptor);
            }
        }
        let wire = libc::fcntl(0, libc::F_DUPFD_CLOEXEC, 3);
        let null = libc::open(c"/dev/null".as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC);
        if wire < 0 || null < 0 || libc::dup2(null, 0) < 0 {
            return Err(io::Error::last_os_error());
        }
        libc::signal(libc::SIGXFSZ, libc::SIG_DFL);
        // A terminal interrupts both; the host tells of it, and this one goes with it.
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        Ok(UnixStream::from_raw_fd(wire))
    }
}

/// Takes from this process what its plugin has no use for. A kernel without landlock is said; one without seccomp is an
/// error.
fn lock_in(hello: &Hello) -> Result<(), HostError> {
    let mut readable: Vec<PathBuf> = SYSTEM.map(PathBuf::from).to_vec();
    if let Ok(program) = std::env::current_exe() {
        let folder = program.parent().map(PathBuf::from).unwrap_or_default();
        readable.extend([folder.join("../lib"), folder]);
    }
    // A plugin may have libraries beside it.
    readable.extend(hello.plugin.canonicalize().ok().and_then(|plugin| plugin.parent().map(PathBuf::from)));
    readable.extend(hello.rules.read.iter().cloned());
    let mut writable = vec!["/dev/null".into()];
    writable.extend((!hello.validates).then(|| hello.work.clone()));
    writable.extend(hello.rules.write.iter().cloned());
    if !sandbox::shut(&readable, &writable).map_err(HostError::Sandbox)? {
        eprintln!("warning: this kernel has no landlock: an isolated plugin can read and write your files");
    }
    sandbox::enter(&hello.rules).map_err(HostError::Sandbox)
}

/// A pass that never ends must not outlive the host.
fn end_with_host(wire: &UnixStream) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    let wire = wire.try_clone()?;
    let wait = move || {
        // Nothing is asked for, so that only the other end's going wakes this.
        while !poll(&mut [PollFd::new(&wire, PollFlags::empty())], None).is_ok_and(|ready| ready > 0) {}
        // SAFETY: ends the process; nothing of it is worth keeping.
        unsafe { libc::_exit(0) }
    };
    thread::Builder::new().name("host".to_owned()).spawn(wait).map(drop)
}

/// Messages of the host.
pub(super) struct Incoming {
    wire: UnixStream,
    reader: Reader,
    number: u64,
}

impl Incoming {
    /// The next one; none when the host is gone.
    pub(super) fn next(&mut self) -> Option<(Kind, Vec<u8>)> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            match self.reader.next(self.number, u64::MAX >> 1) {
                Ok(Some(message)) => return Some(message),
                Ok(None) => {}
                Err(_) => return None,
            }
            match self.wire.read(&mut buffer) {
                Ok(0) => return None,
                Ok(read) => self.reader.push(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }
}
