//! Programs that a pass starts, and that end when it does.

use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Command},
};

/// Starts a program in a process group of its own. However the thread that started it ends, so does the group: wait for the
/// program on this thread. The process that is waited for is a guard, which ends as the program does.
///
/// # Errors
/// As [`Command::spawn`] does; an isolated plugin may start programs if `ropt.toml` says `processes = true`.
///
/// # Examples
/// ```
/// use std::process::{Command, Stdio};
///
/// let mut command = Command::new("tr");
/// let child = ropt_plugin::process::start(command.args(["a", "b"]).stdin(Stdio::null()).stdout(Stdio::piped()))?;
/// assert!(child.wait_with_output()?.status.success());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn start(command: &mut Command) -> io::Result<Child> {
    let host = std::process::id();
    // SAFETY: what runs between fork and exec calls the system only, allocates nothing and takes no lock.
    unsafe { command.pre_exec(move || guard(host)) }.process_group(0).spawn()
}

/// Kills a program that [`start`] has started, and what it started itself. Nobody may have waited for it yet: its number
/// could be another's by then.
pub fn kill(child: &Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        // SAFETY: sends a signal to the group that the program leads.
        unsafe { libc::kill(-group, libc::SIGKILL) };
    }
}

/// Splits the process that is to become the program: the child returns from here and becomes it, the parent watches both
/// it and the host, and is told of the host's end by SIGTERM.
fn guard(host: u32) -> io::Result<()> {
    // SAFETY: calls of the system on plain data of this frame.
    unsafe {
        let (mut watched, mut before): (libc::sigset_t, libc::sigset_t) = (std::mem::zeroed(), std::mem::zeroed());
        libc::sigemptyset(&raw mut watched);
        libc::sigaddset(&raw mut watched, libc::SIGCHLD);
        libc::sigaddset(&raw mut watched, libc::SIGTERM);
        libc::sigprocmask(libc::SIG_BLOCK, &raw const watched, &raw mut before);
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM);
        // The host may have ended before.
        if u32::try_from(libc::getppid()) != Ok(host) {
            libc::_exit(1);
        }
        match libc::fork() {
            -1 => Err(io::Error::last_os_error()),
            0 => {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                libc::sigprocmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut());
                Ok(())
            }
            program => watch(program, &watched),
        }
    }
}

/// The guard's life.
///
/// # Safety
/// `watched` must be blocked, and `program` a child of this process, which is a copy of another one and does nothing else.
unsafe fn watch(program: libc::pid_t, watched: &libc::sigset_t) -> ! {
    // SAFETY: calls of the system; nothing of the process that this is a copy of is touched.
    unsafe {
        // Whoever reads what the program prints waits until nobody has the other end.
        if libc::syscall(libc::SYS_close_range, 0_u32, u32::MAX, 0_u32) < 0 {
            // Linux before 5.9.
            for descriptor in 0..libc::getdtablesize() {
                libc::close(descriptor);
            }
        }
        let mut status = 0;
        while libc::waitpid(program, &raw mut status, libc::WNOHANG) == 0 {
            if libc::sigwaitinfo(watched, std::ptr::null_mut()) == libc::SIGTERM {
                libc::kill(-libc::getpgrp(), libc::SIGKILL);
            }
        }
        if libc::WIFSIGNALED(status) {
            let (none, signal) = (libc::rlimit { rlim_cur: 0, rlim_max: 0 }, libc::WTERMSIG(status));
            libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
            libc::signal(signal, libc::SIG_DFL);
            let mut open: libc::sigset_t = std::mem::zeroed();
            libc::sigemptyset(&raw mut open);
            libc::sigprocmask(libc::SIG_SETMASK, &raw const open, std::ptr::null_mut());
            libc::kill(libc::getpid(), signal);
        }
        libc::_exit(libc::WEXITSTATUS(status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Read,
        os::unix::process::ExitStatusExt,
        process::{ExitStatus, Stdio},
        thread,
    };

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }

    #[test]
    fn a_group_ends_with_the_thread_that_started_it() {
        let started = thread::spawn(|| {
            let child = start(&mut shell("sleep 600 & sleep 600 & echo started; wait"))?;
            let mut output = child.stdout.ok_or(io::ErrorKind::BrokenPipe)?;
            output.read_exact(&mut [0; 8])?;
            io::Result::Ok(output)
        });
        let mut output = started.join().expect("no panic").expect("a shell");
        // Read to the end once nobody has the other one any more.
        assert_eq!(output.read_to_end(&mut Vec::new()).expect("an end"), 0);
    }

    #[test]
    fn the_guard_ends_as_the_program_does() {
        let end = |script: &str| start(&mut shell(script)).and_then(|mut child| child.wait()).expect("a shell");
        assert_eq!(end("exit 7").code(), Some(7));
        for (name, signal) in [("TERM", libc::SIGTERM), ("SEGV", libc::SIGSEGV), ("KILL", libc::SIGKILL)] {
            assert_eq!(end(&format!("kill -{name} $$")).signal(), Some(signal), "{name}");
        }
        let missing = start(&mut Command::new("/nothing/there")).map(drop);
        assert_eq!(missing.map_err(|error| error.kind()), Err(io::ErrorKind::NotFound));
    }

    #[test]
    fn a_group_can_be_killed() {
        let mut child = start(&mut shell("sleep 600 & wait")).expect("a shell");
        kill(&child);
        assert_eq!(child.wait().ok().as_ref().and_then(ExitStatus::signal), Some(9));
        let mut output = child.stdout.take().expect("an output");
        assert_eq!(output.read_to_end(&mut Vec::new()).expect("an end"), 0);
    }
}
