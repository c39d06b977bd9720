//! A crash ends with the name of the pass, never with a bare signal.

use crate::host::Host;
use ropt_mlir::sys;
use std::{ffi::c_int, sync::OnceLock};

/// Pass name → plugin, made ready because a signal handler may not allocate.
static PLUGINS: OnceLock<Vec<(&'static str, String)>> = OnceLock::new();

/// Catches the signals of a crash from here on. They end the process with a message and exit code 3 when a plugin's
/// pass was running, else 1.
pub fn install(host: &'static Host) {
    let names = host.passes.keys().filter_map(|name| Some((name.as_str(), crate::bridge::plugin_of(host, name)?)));
    let _ = PLUGINS.set(names.collect());
    // SAFETY: the alternate stack is leaked, the handler only writes and exits.
    unsafe {
        // A write beyond the file size limit is an error as any other.
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        let size = 64 * 1024;
        let stack: &'static mut [u8] = Vec::leak(vec![0; size]);
        let stack = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: size };
        libc::sigaltstack(&stack, std::ptr::null_mut());
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handle as *const () as usize;
        action.sa_flags = libc::SA_ONSTACK | libc::SA_RESETHAND;
        for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGABRT, libc::SIGTRAP] {
            libc::sigaction(signal, &action, std::ptr::null_mut());
        }
    }
}

extern "C" fn handle(signal: c_int) {
    let what = match signal {
        libc::SIGSEGV => "segmentation fault or stack overflow",
        libc::SIGBUS => "bus error: a mapped file shrank",
        libc::SIGILL => "illegal instruction",
        libc::SIGFPE => "arithmetic fault",
        libc::SIGABRT => "abort",
        _ => "trap",
    };
    // SAFETY: a thread-local read; the name is static text of a descriptor or of MLIR.
    let pass = unsafe { sys::roptCurrentPass().as_str() };
    let plugin = PLUGINS.get().and_then(|list| list.iter().find(|(name, _)| *name == pass));
    let write = |text: &str| {
        // SAFETY: write(2) is async-signal-safe and the text is alive.
        unsafe { libc::write(2, text.as_ptr().cast(), text.len()) };
    };
    write("error: ");
    if pass.is_empty() {
        write("ropt crashed outside of any pass");
    } else {
        write("pass `");
        write(pass);
        write("`");
        if let Some((_, plugin)) = plugin {
            write(" of plugin ");
            write(plugin);
        }
        write(" crashed");
    }
    write(" (");
    write(what);
    write(
        ")\n  = help: rerun with --mlir-pass-pipeline-crash-reproducer=FILE --mlir-disable-threading to keep the IR before it\n",
    );
    let code = if plugin.is_some() { 3 } else { 1 };
    // SAFETY: ends the process without running anything of it.
    unsafe { libc::_exit(code) }
}
