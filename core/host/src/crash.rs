//! A bad end is told with the names of pass and plugin, whatever it is: a signal, a full stack, `exit` called by a pass,
//! a limit of time. Then a reproducer is written, and the process ends.

use crate::{
    host::Host,
    isolate::{Hint, hint},
    loaded, reproduce,
};
use ropt_mlir::sys;
use std::{
    ffi::{c_int, c_void},
    sync::{
        OnceLock,
        atomic::{AtomicI32, Ordering},
    },
};

pub(crate) use crate::isolate::report_to;

/// Pass name → plugin, made ready because a signal handler may not allocate.
static PLUGINS: OnceLock<Vec<(&'static str, String)>> = OnceLock::new();

/// Catches bad ends from here on. They end the process with a message and exit code 3 when a plugin's pass was running,
/// else 1.
pub fn install(host: &'static Host) {
    let names = host.passes.keys().filter_map(|name| Some((name.as_str(), crate::bridge::plugin_of(host, name)?)));
    let _ = PLUGINS.set(names.collect());
    // SAFETY: the alternate stack is leaked, the handlers only write, start a program and exit.
    unsafe {
        // A write beyond the file size limit is an error as any other.
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        let size = 64 * 1024;
        let stack: &'static mut [u8] = Vec::leak(vec![0; size]);
        let stack = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: size };
        libc::sigaltstack(&raw const stack, std::ptr::null_mut());
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handle as *const () as usize;
        action.sa_flags = libc::SA_ONSTACK | libc::SA_SIGINFO;
        for signal in FATAL {
            libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        }
        libc::atexit(at_exit);
    }
}

/// Signals that end a process, by its own mistake or because something in it asked for them and did not see to them.
const FATAL: [c_int; 11] = [
    libc::SIGSEGV,
    libc::SIGBUS,
    libc::SIGILL,
    libc::SIGFPE,
    libc::SIGABRT,
    libc::SIGTRAP,
    libc::SIGSYS,
    libc::SIGALRM,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGXCPU,
];

/// A signal in words.
pub(crate) fn signal_name(signal: c_int) -> &'static str {
    match signal {
        libc::SIGSEGV => "segmentation fault",
        libc::SIGBUS => "bus error: a mapped file shrank",
        libc::SIGILL => "illegal instruction",
        libc::SIGFPE => "arithmetic fault",
        libc::SIGABRT => "abort",
        libc::SIGTRAP => "trap",
        libc::SIGSYS => "forbidden system call",
        libc::SIGKILL => "killed",
        libc::SIGTERM => "terminated",
        libc::SIGALRM => "alarm clock",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGXCPU => "limit of processor time",
        libc::SIGHUP => "hung up",
        libc::SIGPIPE => "broken pipe",
        libc::SIGQUIT => "quit",
        _ => "signal",
    }
}

/// Pass and plugin as in every message about them.
pub(crate) fn who(host: &Host, pass: &str) -> String {
    match crate::bridge::plugin_of(host, pass) {
        Some(plugin) => format!("pass `{pass}` of plugin {plugin}"),
        None => format!("pass `{pass}`"),
    }
}

extern "C" fn handle(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel gives both for a handler with SA_SIGINFO.
    let overflow = signal == libc::SIGSEGV && unsafe { near_stack(info, context) };
    let full = signal == libc::SIGABRT && memory_is_full();
    if hint(if overflow {
        Hint::Overflow
    } else if full {
        Hint::OutOfMemory
    } else {
        Hint::None
    }) {
        // The signal comes once more, and with the system's own action it ends the process.
        // SAFETY: may be called in a handler.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
        return;
    }
    let what = if overflow { "stack overflow" } else { signal_name(signal) };
    // SAFETY: as above.
    end(unsafe { place(context) }, &[" crashed (", what, if full { ": out of memory)" } else { ")" }]);
}

/// The address of the code that got the signal; 0 where that is not known.
///
/// # Safety
/// It must be what a handler got.
unsafe fn place(context: *mut c_void) -> usize {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the caller's word.
    unsafe {
        (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs[libc::REG_RIP as usize] as usize
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = context;
        0
    }
}

/// Whether the address is where the stack was to grow. Elsewhere than on x86-64 the two are not told apart.
///
/// # Safety
/// Both must be what a handler got.
unsafe fn near_stack(info: *mut libc::siginfo_t, context: *mut c_void) -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        // A function may touch its frame, pages below the pointer, before it moves the pointer.
        const FRAME: usize = 1 << 20;
        // SAFETY: the caller's word.
        let (address, stack) = unsafe {
            let context = context.cast::<libc::ucontext_t>();
            ((*info).si_addr() as usize, (*context).uc_mcontext.gregs[libc::REG_RSP as usize] as usize)
        };
        address.abs_diff(stack) < FRAME
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (info, context);
        false
    }
}

/// Whether a limit of memory is all but reached: runtimes that get none abort.
fn memory_is_full() -> bool {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: asks for a number, and for address space that is given back; both are system calls and nothing else.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) != 0 || limit.rlim_cur == libc::RLIM_INFINITY {
            return false;
        }
        let part = (limit.rlim_cur / 8) as usize;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        let place = libc::mmap(std::ptr::null_mut(), part, libc::PROT_NONE, flags, -1, 0);
        if place != libc::MAP_FAILED {
            libc::munmap(place, part);
        }
        place == libc::MAP_FAILED
    }
}

/// `exit` was called. Where a pass runs, it is a pass that called it, or a thread that it started.
extern "C" fn at_exit() {
    let mut other = sys::RoptStr { ptr: std::ptr::null(), len: 0 };
    // SAFETY: reads; the capacity is that of the one.
    let inside = unsafe { sys::roptCurrentPass().len != 0 || sys::roptRunningPasses(&raw mut other, 1) > 0 };
    if inside && !hint(Hint::None) {
        if reproduce::probing() {
            // Whatever code it was called with, for the searching process this is the bad end that it looks for.
            // SAFETY: ends the process.
            unsafe { libc::_exit(4) }
        }
        end(0, &[" ended the process: it called exit"]);
    }
}

/// Tells how this thread's pass ended, in the code at `place`, leaves a reproducer and ends the process.
/// Async-signal-safe.
fn end(place: usize, how: &[&str]) -> ! {
    // SAFETY: a thread-local read; the name is static text of a descriptor or of MLIR.
    let own = unsafe { sys::roptCurrentPass().as_str() };
    if !own.is_empty() {
        end_of(own, how);
    }
    // MLIR verifies what a pass left on threads of its own; the pass that ran is the one to be named.
    let mut running = [sys::RoptStr { ptr: std::ptr::null(), len: 0 }; 8];
    // SAFETY: the capacity is the array's; names are static text.
    let count = unsafe { sys::roptRunningPasses(running.as_mut_ptr(), running.len()) };
    let mut names = [""; 8];
    for (name, pass) in names.iter_mut().zip(&running[..count]) {
        // SAFETY: as above.
        *name = unsafe { pass.as_str() };
    }
    let own = loaded::at(place);
    // A thread that a pass started most likely works for that pass.
    let mut its = [""; 8];
    let mut known = 0;
    for name in &names[..count] {
        if own.is_some_and(|own| plugin(name) == Some(own)) {
            its[known] = name;
            known += 1;
        }
    }
    match known {
        0 => end_of_one(&names[..count], own, how),
        _ => end_of_one(&its[..known], None, how),
    }
}

/// The plugin of a pass.
fn plugin(pass: &str) -> Option<&'static str> {
    PLUGINS.get()?.iter().find(|(name, _)| *name == pass).map(|(_, plugin)| plugin.as_str())
}

/// As [`end`], for a pass of any thread.
pub(crate) fn end_of(pass: &str, how: &[&str]) -> ! {
    end_of_one(&[pass], None, how)
}

/// As [`end`], on a thread of that plugin's own, or of one of several passes, which are not told apart; none is ropt
/// itself.
fn end_of_one(passes: &[&str], own: Option<&str>, how: &[&str]) -> ! {
    static ENDING: AtomicI32 = AtomicI32::new(0);
    let code = if own.is_some() || passes.iter().any(|pass| plugin(pass).is_some()) { 3 } else { 1 };
    // SAFETY: asks for a number.
    let thread = unsafe { libc::gettid() };
    match ENDING.compare_exchange(0, thread, Ordering::SeqCst, Ordering::SeqCst) {
        Ok(_) => {}
        // SAFETY: ends the process; what was said is all that can be said.
        Err(other) if other == thread => unsafe { libc::_exit(code) },
        // Another thread is at it, and ends the process.
        Err(_) => loop {
            // SAFETY: waits for signals.
            unsafe { libc::pause() };
        },
    }
    write(match (own, passes) {
        (Some(_), _) => "error: plugin ",
        (None, []) => "error: ropt outside of any pass",
        (None, [_]) => "error: ",
        (None, _) => "error: one of ",
    });
    write(own.unwrap_or_default());
    for (index, pass) in passes.iter().enumerate().filter(|_| own.is_none()) {
        write(if index == 0 { "pass `" } else { ", pass `" });
        write(pass);
        write("`");
        if let Some(plugin) = plugin(pass) {
            write(" of plugin ");
            write(plugin);
        }
    }
    how.iter().for_each(|words| write(words));
    write(if own.is_some() { " on a thread that runs no pass\n" } else { "\n" });
    if let Some(first) = passes.first() {
        reproduce::leave(first);
    }
    // SAFETY: ends the process without running anything of it.
    unsafe { libc::_exit(code) }
}

/// Writes to stderr.
pub(crate) fn write(text: &str) {
    // SAFETY: write(2) is async-signal-safe and the text is alive.
    unsafe { libc::write(2, text.as_ptr().cast(), text.len()) };
}
