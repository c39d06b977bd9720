//! A crash inside a program or a kernel ends the process with a message instead of a bare signal.
//!
//! The runtime notes where it is before it enters foreign code; the handler only writes that note and leaves.

use std::{
    cell::Cell,
    ffi::c_int,
    ptr::{null, null_mut},
    sync::{
        Once,
        atomic::{
            AtomicI32, AtomicPtr,
            Ordering::{Relaxed, SeqCst},
        },
    },
};

/// A place in foreign code, for the message. Lives as long as the process.
pub(crate) struct Place(String);

/// What a thread is at.
struct Places {
    /// Of the program.
    program: Cell<*const Place>,
    /// The driver that is at work, by itself or for the program.
    driver: Cell<*const Place>,
}

thread_local! {
    // Without a destructor, so that a signal handler may read it.
    static HERE: Places = const { Places { program: Cell::new(null()), driver: Cell::new(null()) } };
}

/// The same of whichever thread came or went last, for threads that have no place: kernels may run on a driver's own.
static PROGRAM: AtomicPtr<Place> = AtomicPtr::new(null_mut());
static DRIVER: AtomicPtr<Place> = AtomicPtr::new(null_mut());

impl Place {
    /// A place; the text completes "a crash in …". Never freed: the handler may read it at any time.
    pub(crate) fn new(text: String) -> &'static Self {
        Box::leak(Box::new(Self(text)))
    }

    pub(crate) fn text(&self) -> String {
        self.0.clone()
    }
}

/// Notes that foreign code runs, until the guard is dropped.
pub(crate) fn enter(place: &'static Place) -> Guard {
    Guard::new(|here| &here.program, &PROGRAM, place)
}

/// The same of a driver's code.
pub(crate) fn enter_driver(place: &'static Place) -> Guard {
    Guard::new(|here| &here.driver, &DRIVER, place)
}

/// Restores the place around.
pub(crate) struct Guard {
    own: fn(&Places) -> &Cell<*const Place>,
    last: &'static AtomicPtr<Place>,
    before: *const Place,
}

impl Guard {
    #[inline]
    fn new(own: fn(&Places) -> &Cell<*const Place>, last: &'static AtomicPtr<Place>, place: &'static Place) -> Self {
        let guard = Self { own, last, before: HERE.with(|here| own(here).get()) };
        guard.set(place);
        guard
    }

    #[inline]
    fn set(&self, place: *const Place) {
        HERE.with(|here| (self.own)(here).set(place));
        // No order with other threads is needed; it would cost as much as the rest of a dispatch.
        self.last.store(place.cast_mut(), Relaxed);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.set(self.before);
    }
}

/// Ends the process from inside of foreign code, by our own decision.
pub(crate) fn exit(code: i32) -> ! {
    HERE.with(|here| {
        here.program.set(null());
        here.driver.set(null());
    });
    std::process::exit(code)
}

const SIGNALS: [(c_int, &str); 6] = [
    (libc::SIGSEGV, "it used memory that is not its own (SIGSEGV)"),
    (libc::SIGBUS, "it used memory that is not there (SIGBUS)"),
    (libc::SIGFPE, "it divided an integer by zero (SIGFPE)"),
    (libc::SIGILL, "it executed an instruction that this processor does not have, or a trap (SIGILL)"),
    (libc::SIGABRT, "it called abort (SIGABRT)"),
    (libc::SIGTRAP, "it ran into a breakpoint (SIGTRAP)"),
];

/// Makes crashes in programs, kernels and drivers, and calls of exit by them, end the process with a message and exit
/// status 1. Meant for tools: it takes over the process's handlers of SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and
/// SIGTRAP.
pub fn install_handler() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Handlers need a stack of their own when the fault is a stack overflow.
        let size = 64 << 10;
        let memory = Box::leak(vec![0_u8; size].into_boxed_slice());
        let stack = libc::stack_t { ss_sp: memory.as_mut_ptr().cast(), ss_flags: 0, ss_size: size };
        // SAFETY: the stack's memory is never freed; the handler only uses functions that are safe in handlers.
        unsafe {
            // A write beyond the file size limit is an error as any other.
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
            libc::atexit(at_exit);
            libc::sigaltstack(&raw const stack, std::ptr::null_mut());
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handle as *const () as usize;
            action.sa_flags = libc::SA_ONSTACK | libc::SA_NODEFER;
            for (signal, _) in SIGNALS {
                libc::sigaction(signal, &raw const action, std::ptr::null_mut());
            }
        }
    });
}

extern "C" fn handle(signal: c_int) {
    static REPORTING: AtomicI32 = AtomicI32::new(0);
    // SAFETY: safe in handlers.
    let thread = unsafe { libc::gettid() };
    match REPORTING.compare_exchange(0, thread, SeqCst, SeqCst) {
        Ok(_) => {}
        // SAFETY: safe in handlers. A crash of the handler itself ends without words.
        Err(first) if first == thread => unsafe { libc::_exit(1) },
        // Several threads run the same kernel: the first one reports and ends the process.
        Err(_) => loop {
            // SAFETY: safe in handlers.
            unsafe { libc::pause() };
        },
    }
    let why = SIGNALS.iter().find(|(known, _)| *known == signal).map_or("unknown signal", |(_, why)| why);
    tell("a crash in ", why);
    // SAFETY: safe in handlers, and does not return.
    unsafe { libc::_exit(1) };
}

/// A program or a driver that calls exit takes the tool's results with it.
extern "C" fn at_exit() {
    if HERE.with(|here| here.program.get().is_null() && here.driver.get().is_null()) {
        return;
    }
    tell("an end of the process in ", "it called exit");
    // SAFETY: does not return.
    unsafe { libc::_exit(1) };
}

/// Writes where we are and why it ends. Safe in handlers.
fn tell(what: &str, why: &str) {
    let (mut place, mut driver) = HERE.with(|here| (here.program.get(), here.driver.get()));
    if place.is_null() && driver.is_null() {
        (place, driver) = (PROGRAM.load(SeqCst), DRIVER.load(SeqCst));
    }
    // SAFETY: places are never freed.
    let (place, driver) = unsafe { (place.as_ref(), driver.as_ref()) };
    let (place, note) = match (place, driver) {
        (Some(place), driver) => (place.0.as_str(), driver.map(|driver| driver.0.as_str())),
        (None, Some(driver)) => (driver.0.as_str(), None),
        (None, None) => ("the tool itself or a plugin; please report it", None),
    };
    let (note, text) = note.map_or(("", ""), |text| ("\n  = note: run by ", text));
    for part in ["error: ", what, place, note, text, "\n  = cause: ", why, "\n"] {
        // SAFETY: a valid buffer; write is safe in handlers.
        unsafe { libc::write(libc::STDERR_FILENO, part.as_ptr().cast(), part.len()) };
    }
}
