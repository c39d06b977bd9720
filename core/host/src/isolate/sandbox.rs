//! What holds a process in which a pass runs: limits of memory, time and files, and what it may ask of the system.
//!
//! A child by fork may do what the host may, except start processes, signal others or raise its limits: that is for
//! plugins that err. A worker is for plugins that are not trusted: landlock gives it files to read and none to write but
//! its own, seccomp takes the network and whatever else reaches other processes.

use super::calls;
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
    Scope, path_beneath_rules,
};
use ropt_isolation::rules::Rules;
use std::{io, path::PathBuf};
use thiserror::Error;

/// Why a process cannot be held.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// A call of the system.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The filter of system calls.
    #[error("no filter of system calls: {0}")]
    Filter(#[from] seccompiler::Error),
    /// As above, while it is made.
    #[error("no filter of system calls: {0}")]
    Backend(#[from] seccompiler::BackendError),
    /// The rules for files.
    #[error("no rules for files: {0}")]
    Files(#[from] landlock::RulesetError),
}

/// Sets the limits of this process and takes from it what no isolated pass needs.
pub(crate) fn enter(rules: &Rules) -> Result<(), SandboxError> {
    let limits = &rules.limits;
    let now = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = now.split(' ').next().and_then(|pages| pages.parse().ok()).unwrap_or(0);
    let used = pages * rustix::param::page_size() as u64;
    limit(libc::RLIMIT_AS, used.saturating_add(limits.memory_mb << 20))?;
    limit(libc::RLIMIT_CPU, limits.cpu_s)?;
    limit(libc::RLIMIT_FSIZE, limits.file_mb << 20)?;
    limit(libc::RLIMIT_CORE, 0)?;
    calls::filter(rules)
}

fn limit(what: libc::__rlimit_resource_t, to: u64) -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: reads and writes a limit of this process.
    let done = unsafe {
        libc::getrlimit(what, &raw mut limit) == 0 && {
            limit.rlim_cur = to.min(limit.rlim_max);
            // The host moves a worker's limit of time, and may only lower the other one.
            if what != libc::RLIMIT_CPU {
                limit.rlim_max = limit.rlim_cur;
            }
            libc::setrlimit(what, &raw const limit) == 0
        }
    };
    if done { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Shuts a worker in: files below `readable` can be read, those below `writable` written, and no more, as far as this
/// kernel can do it. Gives whether it can.
pub(crate) fn shut(readable: &[PathBuf], writable: &[PathBuf]) -> Result<bool, SandboxError> {
    let abi = ABI::V6;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(readable, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(writable, AccessFs::from_all(abi)))?
        .restrict_self()?;
    Ok(status.ruleset != RulesetStatus::NotEnforced)
}

/// What this kernel has of it, a line each, for a person.
#[must_use]
pub fn available() -> Vec<(&'static str, String)> {
    // SAFETY: asks the kernel which version it has; makes nothing.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0, 1) };
    let landlock = if version > 0 { format!("version {version}") } else { "not in this kernel".to_owned() };
    let seccomp =
        std::fs::read_to_string("/proc/sys/kernel/seccomp/actions_avail").is_ok_and(|all| all.contains("errno"));
    vec![
        ("landlock", landlock),
        ("seccomp", if seccomp { "yes" } else { "not in this kernel: no pass can be isolated" }.to_owned()),
    ]
}
