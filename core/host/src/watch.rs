//! What the host wants to know of a run: which pass failed, and whether one runs for too long.

use crate::{crash, host::Host, isolate};
use ropt_mlir::sys::RoptStr;
use std::{
    ffi::c_void,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

/// What takes a reproducer's text, and whether it is that of the whole pipeline.
pub(crate) type Found<'a> = &'a dyn Fn(&[u8], bool);

/// The receiver of a run's callbacks.
pub(crate) struct Watcher<'a> {
    host: &'static Host,
    failed: Mutex<Option<String>>,
    clock: Option<Arc<Clock>>,
    found: Option<Found<'a>>,
}

/// Running passes, with their thread and their start. A pass that runs a pipeline is above its passes.
#[derive(Default)]
struct Clock(Mutex<Vec<(ThreadId, String, Instant)>>);

impl<'a> Watcher<'a> {
    /// With a limit, a pass that runs for longer ends the process.
    pub(crate) fn new(host: &'static Host, limit: Option<f64>, found: Option<Found<'a>>) -> Self {
        let clock = limit.map(|limit| {
            let clock = Arc::new(Clock::default());
            let watched = Arc::downgrade(&clock);
            thread::spawn(move || guard(&watched, limit));
            clock
        });
        Self { host, failed: Mutex::new(None), clock, found }
    }

    /// The pass that failed; of a pass and those in the pipeline that it runs, the outer one.
    pub(crate) fn failed(&self) -> Option<String> {
        self.failed.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Whether the callbacks around each pass are needed.
    pub(crate) fn times(&self) -> bool {
        self.clock.is_some()
    }
}

/// Ends the process when a pass runs for too long.
fn guard(clock: &Weak<Clock>, limit: f64) {
    let limit_time = Duration::from_secs_f64(limit);
    loop {
        thread::sleep((limit_time / 10).clamp(Duration::from_millis(1), Duration::from_millis(100)));
        let Some(clock) = clock.upgrade() else { return };
        let late = {
            let running = clock.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            running.iter().find(|(.., start)| start.elapsed() > limit_time).map(|(_, pass, _)| pass.clone())
        };
        if let Some(pass) = late {
            crash::end_of(&pass, &[&format!(" did not end within {limit} s")]);
        }
    }
}

/// # Safety
/// `watcher` must be the one of the run.
unsafe fn watcher<'a>(watcher: *mut c_void) -> &'a Watcher<'a> {
    // SAFETY: the caller's word.
    unsafe { &*watcher.cast::<Watcher<'a>>() }
}

pub(crate) unsafe extern "C" fn before(user: *mut c_void, pass: RoptStr) {
    // SAFETY: the run's own watcher; the name lives during the call.
    let (watcher, pass) = unsafe { (watcher(user), pass.as_str()) };
    let Some(clock) = watcher.clock.as_ref().filter(|_| !isolate::apart()) else { return };
    // A pass that runs apart is watched by whoever waits for it: its time is up here a little later.
    let host = watcher.host;
    let apart = host
        .pass(pass)
        .is_some_and(|(file, _)| host.settings().rules(&file.manifest.header.plugin).mode != isolate::Mode::None);
    let start = Instant::now() + if apart { Duration::from_secs(5) } else { Duration::ZERO };
    let mut running = clock.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    running.push((thread::current().id(), pass.to_owned(), start));
}

pub(crate) unsafe extern "C" fn after(user: *mut c_void, _: RoptStr) {
    // SAFETY: the run's own watcher.
    let watcher = unsafe { watcher(user) };
    let Some(clock) = watcher.clock.as_ref().filter(|_| !isolate::apart()) else { return };
    let mut running = clock.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let own = thread::current().id();
    if let Some(at) = running.iter().rposition(|(thread, ..)| *thread == own) {
        running.remove(at);
    }
}

pub(crate) unsafe extern "C" fn failed(user: *mut c_void, pass: RoptStr, invalid: bool) {
    // SAFETY: the run's own watcher; the name lives during the call.
    let (watcher, pass) = unsafe { (watcher(user), pass.as_str()) };
    if isolate::apart() {
        return;
    }
    static TOLD: AtomicBool = AtomicBool::new(false);
    if invalid && watcher.host.pass(pass).is_some() {
        watcher.host.failed_with(3);
        // One is enough: a pass that leaves invalid IR does so on op after op.
        if !TOLD.swap(true, Ordering::Relaxed) {
            eprintln!("error: {} left invalid IR: see what the verifier says of it", crash::who(watcher.host, pass));
        }
    }
    let mut last = watcher.failed.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    *last = Some(pass.to_owned());
}

pub(crate) unsafe extern "C" fn found(user: *mut c_void, text: RoptStr, whole: bool) {
    // SAFETY: the run's own watcher; the text lives during the call.
    let (watcher, text) = unsafe { (watcher(user), text.as_bytes()) };
    if let Some(found) = watcher.found {
        found(text, whole);
    }
}
