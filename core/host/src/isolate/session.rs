//! The host's side of a connection: waits for what a pass in another process says, prints and gives back, and for how
//! long it may take.

use super::{
    Call,
    ending::Ending,
    say::{self, Said},
    snapshot::Snapshot,
};
use ropt_isolation::wire::{Garbage, Kind, Reader};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write},
    os::unix::{net::UnixStream, process::ExitStatusExt},
    process::ExitStatus,
    time::{Duration, Instant},
};

/// What a pass left.
pub(crate) struct Done {
    /// 0: done.
    pub(crate) code: i32,
    /// The exit code of a failure.
    pub(crate) failure: i32,
    /// The op's bytes; nothing when the op is as it was.
    pub(crate) ir: Vec<u8>,
    /// Whether the other process has the op as it is now.
    pub(crate) keeps: bool,
}

/// The host's ends of the connection.
pub(crate) struct Channel {
    wire: UnixStream,
    output: PipeReader,
    /// Whether nobody has the other end of it any more, which poll(2) would tell again and again.
    silent: bool,
    /// The number in each message.
    pub(crate) number: u64,
    reader: Reader,
    printed: u64,
    /// The end of what was printed.
    tail: Vec<u8>,
    pid: libc::pid_t,
    /// The op that a worker has, as it was at the end of its last pass.
    pub(super) kept: Option<Kept>,
}

/// The other process's ends.
pub(crate) struct Ends {
    pub(crate) wire: UnixStream,
    pub(crate) output: PipeWriter,
}

/// What a worker has besides its process.
pub(super) struct Kept {
    /// See [`super::Pool::forget`].
    pub(super) generation: u64,
    /// The op as host and worker have it.
    pub(super) snapshot: Snapshot,
}

/// How long a process that closed its connection may take to end.
const GRACE: Duration = Duration::from_millis(500);
/// How much of what was printed is looked at.
const TAIL: usize = 4096;

impl Channel {
    /// A connection for a process that is to be made.
    pub(crate) fn new() -> io::Result<(Self, Ends)> {
        let (wire, theirs) = UnixStream::pair()?;
        wire.set_nonblocking(true)?;
        let (output, writer) = io::pipe()?;
        let number = RandomState::new().build_hasher().finish();
        let channel = Self {
            wire,
            output,
            silent: false,
            number,
            reader: Reader::default(),
            printed: 0,
            tail: Vec::new(),
            pid: 0,
            kept: None,
        };
        Ok((channel, Ends { wire: theirs, output: writer }))
    }

    /// Names the process at the other end.
    pub(crate) fn of(mut self, pid: libc::pid_t) -> Self {
        self.pid = pid;
        self
    }

    pub(crate) fn pid(&self) -> libc::pid_t {
        self.pid
    }

    /// Sends `outgoing` and waits for the pass's end, until `end`. On an error the process is gone.
    pub(crate) fn exchange(&mut self, call: &Call<'_>, outgoing: &[u8], end: Instant) -> Result<Done, Ending> {
        let limits = &call.rules.limits;
        self.printed = 0;
        let mut hint = None;
        match self.talk(call, outgoing, end, &mut hint) {
            Ok(done) => Ok(done),
            Err(Some(ending)) => {
                self.end(Duration::ZERO);
                Err(ending)
            }
            Err(None) => {
                let status = self.end(GRACE);
                self.forward(limits.output_kb);
                Err(match (hint, status) {
                    (Some(Kind::Overflow), _) => Ending::Overflow,
                    (Some(_), _) => Ending::OutOfMemory(limits.memory_mb),
                    (None, Some(status)) => Ending::of(status, limits, &self.tail),
                    (None, None) => Ending::Garbage,
                })
            }
        }
    }

    /// None: the connection was closed.
    fn talk(
        &mut self,
        call: &Call<'_>,
        mut outgoing: &[u8],
        end: Instant,
        hint: &mut Option<Kind>,
    ) -> Result<Done, Option<Ending>> {
        let limits = &call.rules.limits;
        let most = limits.memory_mb.saturating_mul(1 << 20);
        let (mut ir, mut received) = (Vec::new(), 0);
        let mut buffer = vec![0; 1 << 16];
        loop {
            while let Some((kind, payload)) = self.reader.next(self.number, most).map_err(|Garbage| Ending::Garbage)? {
                match kind {
                    Kind::Said => {
                        self.printed += payload.len() as u64;
                        if self.printed > limits.output_kb << 10 {
                            return Err(Some(Ending::Output(limits.output_kb)));
                        }
                        say::repeat(call.running, &parse::<Said>(&payload)?);
                    }
                    Kind::Counted => count(call, &parse::<Vec<(String, String, u64)>>(&payload)?),
                    Kind::Ir => ir = payload,
                    Kind::Overflow | Kind::OutOfMemory => *hint = Some(kind),
                    Kind::Done => {
                        let (code, failure, keeps) = parse(&payload)?;
                        self.forward(limits.output_kb);
                        return Ok(Done { code, failure, ir, keeps });
                    }
                    Kind::Hello | Kind::Request => return Err(Some(Ending::Garbage)),
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            let ready = self.wait(left, !outgoing.is_empty()).map_err(Ending::Start)?;
            if left.is_zero() {
                return Err(Some(Ending::Timeout(call.seconds())));
            }
            if ready.printed && !self.forward_once(&mut buffer, limits.output_kb) {
                return Err(Some(Ending::Output(limits.output_kb)));
            }
            if ready.writable && !outgoing.is_empty() {
                match self.wire.write(outgoing) {
                    Ok(sent) => outgoing = &outgoing[sent..],
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(_) => return Err(None),
                }
            }
            if ready.readable {
                match self.wire.read(&mut buffer) {
                    Ok(0) => return Err(None),
                    Ok(read) => {
                        received += read as u64;
                        if received > most {
                            return Err(Some(Ending::Garbage));
                        }
                        self.reader.push(&buffer[..read]);
                    }
                    Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                    Err(_) => return Err(None),
                }
            }
        }
    }

    fn wait(&mut self, left: Duration, writing: bool) -> io::Result<Ready> {
        let wanted = if writing { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN };
        let mut fds = [PollFd::new(&self.wire, wanted), PollFd::new(&self.output, PollFlags::IN)];
        let time = Timespec { tv_sec: left.as_secs().min(3600) as i64, tv_nsec: i64::from(left.subsec_nanos()) };
        let asked = if self.silent { 1 } else { 2 };
        match poll(&mut fds[..asked], Some(&time)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let (wire, output) = (fds[0].revents(), fds[1].revents());
        let closed = PollFlags::HUP | PollFlags::ERR;
        // A process may close its output and work on.
        self.silent |= output.intersects(closed) && !output.contains(PollFlags::IN);
        Ok(Ready {
            readable: wire.intersects(PollFlags::IN | closed),
            writable: wire.intersects(PollFlags::OUT),
            printed: output.contains(PollFlags::IN),
        })
    }

    /// Passes on what was printed; false when it is too much.
    fn forward_once(&mut self, buffer: &mut [u8], most_kb: u64) -> bool {
        let Ok(read) = self.output.read(buffer) else { return true };
        self.printed += read as u64;
        let room = (most_kb << 10).saturating_sub(self.printed - read as u64).min(read as u64) as usize;
        // stdout is the IR's. Whoever reads stderr may be gone, which is no reason to stop.
        let _ = io::stderr().write_all(&buffer[..room]);
        self.tail.extend_from_slice(&buffer[..read]);
        self.tail.drain(..self.tail.len().saturating_sub(TAIL));
        self.printed <= most_kb << 10
    }

    /// Passes on what was printed and not read yet.
    fn forward(&mut self, most_kb: u64) {
        let mut buffer = vec![0; 1 << 12];
        while self.wait(Duration::ZERO, false).is_ok_and(|ready| ready.printed) {
            if !self.forward_once(&mut buffer, most_kb) {
                return;
            }
        }
    }

    /// Ends a process that has nothing more to say, and does not wait for it: what it had takes a while to be taken down.
    pub(crate) fn dismiss(self) -> Leaving {
        // SAFETY: a child of ours that was not waited for yet, so that its number is still its own.
        unsafe { libc::kill(self.pid, libc::SIGKILL) };
        Leaving(self.pid)
    }

    /// Ends the process. None when it had to be killed.
    pub(crate) fn end(&mut self, grace: Duration) -> Option<ExitStatus> {
        let (mut status, end) = (0, Instant::now() + grace);
        loop {
            let own = grace > Duration::ZERO && Instant::now() < end;
            // SAFETY: a child of ours that was not waited for yet, so that its number is still its own.
            let found = unsafe {
                if !own {
                    libc::kill(self.pid, libc::SIGKILL);
                }
                libc::waitpid(self.pid, &raw mut status, if own { libc::WNOHANG } else { 0 })
            };
            match found {
                0 => std::thread::sleep(Duration::from_millis(1)),
                _ if found == self.pid => return own.then(|| ExitStatus::from_raw(status)),
                _ => return None,
            }
        }
    }
}

/// A process that was killed, and is to be waited for.
pub(crate) struct Leaving(libc::pid_t);

impl Leaving {
    /// Whether it is gone.
    pub(crate) fn is_gone(&self) -> bool {
        // SAFETY: a child of ours that was not waited for yet.
        unsafe { libc::waitpid(self.0, std::ptr::null_mut(), libc::WNOHANG) != 0 }
    }
}

struct Ready {
    readable: bool,
    writable: bool,
    printed: bool,
}

fn parse<T: serde::de::DeserializeOwned>(payload: &[u8]) -> Result<T, Option<Ending>> {
    serde_json::from_slice(payload).map_err(|_| Some(Ending::Garbage))
}

/// Adds the counters that passes have declared.
fn count(call: &Call<'_>, counters: &[(String, String, u64)]) {
    let host = call.running.host;
    let declared = |pass: &str, counter: &str| {
        host.pass(pass).is_some_and(|(_, record)| record.statistics.iter().any(|one| one.name == counter))
    };
    for (pass, counter, by) in counters.iter().filter(|(pass, counter, _)| declared(pass, counter)) {
        host.statistics.add(pass, counter, *by);
    }
}
