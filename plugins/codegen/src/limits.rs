//! Time and memory limits of code generation.
//!
//! A code generator that runs away can not be interrupted from inside, so a watchdog ends the process with one clear
//! error. Output files are written at the end and renamed, so nothing half-written is left.

use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The limits of one piece of work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Seconds; 0 is no limit.
    pub(crate) seconds: u64,
    /// MiB that the process may hold; 0 is no limit.
    pub(crate) megabytes: u64,
}

struct Shared {
    done: Mutex<bool>,
    wake: Condvar,
}

/// Watches while it lives.
pub(crate) struct Watch {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Watch {
    /// Starts watching `what` ("translating the executable @x for @y").
    pub(crate) fn start(limits: Limits, what: String) -> Self {
        let shared = Arc::new(Shared { done: Mutex::new(false), wake: Condvar::new() });
        if limits.seconds == 0 && limits.megabytes == 0 {
            return Self { shared, thread: None };
        }
        let other = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("codegen-limits".to_owned()).spawn(move || {
            let start = Instant::now();
            let mut done = lock(&other.done);
            while !*done {
                check(limits, start, &what);
                let waited = other.wake.wait_timeout(done, Duration::from_millis(100));
                done = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        });
        // Without a thread there is no limit, which is no reason to fail.
        Self { shared, thread: thread.ok() }
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

fn lock(mutex: &Mutex<bool>) -> MutexGuard<'_, bool> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn check(limits: Limits, start: Instant, what: &str) {
    let seconds = start.elapsed().as_secs();
    if limits.seconds != 0 && seconds >= limits.seconds {
        end(&format!("{what} took longer than {} s", limits.seconds), "timeout-s", "codegen-timeout-s");
    }
    let held = resident_megabytes();
    if limits.megabytes != 0 && held > limits.megabytes {
        let text = format!("{what} holds {held} MiB of memory, more than {} MiB", limits.megabytes);
        end(&text, "memory-mb", "codegen-memory-mb");
    }
}

fn end(message: &str, option: &str, flag: &str) -> ! {
    static ENDING: AtomicU64 = AtomicU64::new(0);
    if ENDING.fetch_add(1, Ordering::SeqCst) == 0 {
        eprintln!("error: {message}");
        eprintln!("help: raise the limit with --{flag} or the pass option {option} (0 is none), or give the kernel");
        eprintln!("      ropt.schedule = \"plain\" in its configuration");
    }
    // Destructors may wait for the very work that runs away.
    // SAFETY: ends the process without running any more of it.
    unsafe { libc::_exit(1) }
}

/// What the process holds in memory; 0 where the system does not say.
fn resident_megabytes() -> u64 {
    let Ok(text) = std::fs::read_to_string("/proc/self/statm") else { return 0 };
    let pages: u64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    // SAFETY: asks for a number.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    pages * u64::try_from(page).unwrap_or(4096) / (1 << 20)
}
