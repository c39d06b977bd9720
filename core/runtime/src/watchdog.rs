//! A limit on how long the runtime may be busy with one thing: loading a program, or one call.
//!
//! A kernel that never ends cannot be stopped from here, and a driver that waits for it does not return. So a thread of its
//! own looks whether the runtime gets on, and hands over to the tool when it does not, which ends the process.

use std::{
    sync::atomic::{
        AtomicPtr, AtomicU64,
        Ordering::{Acquire, Relaxed, Release},
    },
    time::{Duration, Instant},
};

use crate::fault::Place;

/// Odd while the runtime is busy. One thread writes.
static PULSE: AtomicU64 = AtomicU64::new(0);
/// What it is busy with.
static BUSY: AtomicPtr<Place> = AtomicPtr::new(std::ptr::null_mut());
/// The last kernel that was handed to a device.
static KERNEL: AtomicPtr<Place> = AtomicPtr::new(std::ptr::null_mut());

/// What took longer than the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// What the runtime was busy with, for example `function 'main' of the program`.
    pub what: String,
    /// The kernel that was started last; kernels after it cannot have begun.
    pub kernel: Option<String>,
}

/// Busy until it is dropped.
pub(crate) struct Busy;

/// Begins something that a limit is for. Not nested.
pub(crate) fn busy(with: &'static Place) -> Busy {
    BUSY.store(std::ptr::from_ref(with).cast_mut(), Relaxed);
    KERNEL.store(std::ptr::null_mut(), Relaxed);
    PULSE.store(PULSE.load(Relaxed) | 1, Release);
    Busy
}

impl Drop for Busy {
    fn drop(&mut self) {
        PULSE.store((PULSE.load(Relaxed) | 1).wrapping_add(1), Release);
    }
}

/// Notes that a kernel is handed to a device.
pub(crate) fn started(kernel: &'static Place) {
    KERNEL.store(std::ptr::from_ref(kernel).cast_mut(), Relaxed);
}

/// Does something that a limit is for, outside of a program's own code.
pub fn during<T>(what: &str, call: impl FnOnce() -> T) -> T {
    let _busy = busy(Place::new(what.to_owned()));
    call()
}

/// Calls `stuck` on a thread of its own as soon as the runtime is busy with one thing for longer than `limit`.
pub fn watch(limit: Duration, stuck: impl FnOnce(Stuck) + Send + 'static) {
    // Often enough to be on time, seldom enough to cost nothing.
    let interval = (limit / 16).clamp(Duration::from_millis(1), Duration::from_millis(200));
    std::thread::spawn(move || {
        let (mut last, mut since) = (PULSE.load(Acquire), Instant::now());
        loop {
            std::thread::sleep(interval);
            let now = PULSE.load(Acquire);
            if now != last || now & 1 == 0 {
                (last, since) = (now, Instant::now());
            } else if since.elapsed() >= limit {
                // SAFETY: places are never freed.
                let text = |place: &AtomicPtr<Place>| unsafe { place.load(Relaxed).as_ref() }.map(Place::text);
                return stuck(Stuck { what: text(&BUSY).unwrap_or_default(), kernel: text(&KERNEL) });
            }
        }
    });
}

/// Ends the process at once: what else runs, a driver that waits for a device among it, is not asked.
pub fn leave(code: i32) -> ! {
    // SAFETY: does not return, and runs nothing of this process.
    unsafe { libc::_exit(code) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn what_takes_too_long_is_named() {
        let (sender, receiver) = mpsc::channel();
        watch(Duration::from_millis(50), move |stuck| sender.send(stuck).expect("a receiver"));
        for _ in 0..20 {
            during("something short", || std::thread::sleep(Duration::from_millis(5)));
        }
        assert!(receiver.try_recv().is_err());
        let found = during("something long", || {
            started(Place::new("export 'k' of executable 'e'".to_owned()));
            receiver.recv_timeout(Duration::from_secs(20)).expect("a report")
        });
        let kernel = Some("export 'k' of executable 'e'".to_owned());
        assert_eq!(found, Stuck { what: "something long".to_owned(), kernel });
    }
}
