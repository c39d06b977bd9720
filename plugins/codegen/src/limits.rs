//! Time and memory limits of code generation.
//!
//! A watchdog asks rewriting that goes beyond a limit to stop where something else can be done instead. What can not be
//! stopped, or has no other way, can only be ended with the process, by one clear error: output files are written at
//! the end and renamed, so nothing half-written is left.

use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use ropt_mlir::ir::{Stop, edit::Op};

/// The limits of one piece of work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Seconds; 0 is no limit.
    pub(crate) seconds: u64,
    /// MiB that the process may hold; 0 is no limit.
    pub(crate) megabytes: u64,
}

/// A limit that the work went beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exceeded {
    /// Seconds that were allowed.
    Time(u64),
    /// MiB that the process held, and might hold.
    Memory(u64, u64),
}

impl Exceeded {
    /// What the work did, behind its name.
    pub(crate) fn sentence(self) -> String {
        match self {
            Self::Time(seconds) => format!("took longer than {seconds} s"),
            Self::Memory(held, most) => format!("holds {held} MiB of memory, more than {most} MiB"),
        }
    }

    /// How to raise the limit.
    pub(crate) fn remedy(self) -> String {
        let (option, flag) = match self {
            Self::Time(_) => ("timeout-s", "codegen-timeout-s"),
            Self::Memory(..) => ("memory-mb", "codegen-memory-mb"),
        };
        format!("raise the limit with --{flag} or the pass option {option} (0 is none)")
    }
}

struct Shared {
    done: Mutex<bool>,
    wake: Condvar,
    /// How the work can be stopped, when it can.
    stop: Option<Stop>,
    exceeded: Mutex<Option<Exceeded>>,
}

/// Watches while it lives.
pub(crate) struct Watch {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Watch {
    /// Starts watching `what` ("serializing the executable @x for @y"); beyond a limit the process ends.
    pub(crate) fn start(limits: Limits, what: String) -> Self {
        Self::spawn(limits, what, None)
    }

    /// Starts watching the rewriting of an op that outlives this. Beyond a limit the rewriting is asked to stop, and
    /// [`Watch::exceeded`] tells; as much again beyond it the process ends.
    pub(crate) fn stopping(limits: Limits, what: String, root: Op<'_>) -> Self {
        Self::spawn(limits, what, Some(Stop::new(root)))
    }

    fn spawn(limits: Limits, what: String, stop: Option<Stop>) -> Self {
        let shared = Shared { done: Mutex::new(false), wake: Condvar::new(), stop, exceeded: Mutex::new(None) };
        let shared = Arc::new(shared);
        if limits.seconds == 0 && limits.megabytes == 0 {
            return Self { shared, thread: None };
        }
        let other = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("codegen-limits".to_owned()).spawn(move || {
            let start = Instant::now();
            let mut done = lock(&other.done);
            while !*done {
                check(limits, start, &what, &other);
                let waited = other.wake.wait_timeout(done, Duration::from_millis(100));
                done = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        });
        // Without a thread there is no limit, which is no reason to fail.
        Self { shared, thread: thread.ok() }
    }

    /// The limit because of which the work was asked to stop.
    pub(crate) fn exceeded(&self) -> Option<Exceeded> {
        *lock(&self.shared.exceeded)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        *lock(&self.shared.done) = true;
        self.shared.wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // The thread only watches; a panic of it changes nothing.
            let _ = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn check(limits: Limits, start: Instant, what: &str, shared: &Shared) {
    let seconds = start.elapsed().as_secs();
    let held = if limits.megabytes == 0 { 0 } else { resident_megabytes() };
    let beyond = |times: u64| {
        if limits.seconds != 0 && seconds >= limits.seconds.saturating_mul(times) {
            return Some(Exceeded::Time(limits.seconds));
        }
        let most = limits.megabytes.saturating_mul(times);
        (limits.megabytes != 0 && held > most).then_some(Exceeded::Memory(held, limits.megabytes))
    };
    let Some(exceeded) = beyond(1) else { return };
    match &shared.stop {
        None => end(what, exceeded),
        Some(stop) if !stop.asked() => {
            *lock(&shared.exceeded) = Some(exceeded);
            stop.ask();
        }
        Some(_) => {
            if let Some(exceeded) = beyond(2) {
                end(&format!("{what}, asked to stop,"), exceeded);
            }
        }
    }
}

fn end(what: &str, exceeded: Exceeded) -> ! {
    static ENDING: AtomicU64 = AtomicU64::new(0);
    if ENDING.fetch_add(1, Ordering::SeqCst) == 0 {
        eprintln!("error: {what} {}", exceeded.sentence());
        eprintln!("help: {}, or give the kernel", exceeded.remedy());
        eprintln!("      ropt.schedule = \"plain\" in its configuration");
    }
    // Destructors may wait for the very work that runs away.
    // SAFETY: ends the process without running any more of it.
    unsafe { libc::_exit(1) }
}

/// Gives memory that work freed back to the system, so that it does not count for what comes next.
pub(crate) fn give_back() {
    // SAFETY: takes no memory that is in use.
    unsafe { libc::malloc_trim(0) };
}

/// What the process holds in memory; 0 where the system does not say.
fn resident_megabytes() -> u64 {
    let Ok(text) = std::fs::read_to_string("/proc/self/statm") else { return 0 };
    let pages: u64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    // SAFETY: asks for a number.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    pages * u64::try_from(page).unwrap_or(4096) / (1 << 20)
}
