//! What holds a process in which a pass runs: limits of memory, time and files, and what it may ask of the system.
//!
//! A child by fork may do what the host may, except start processes, signal others or raise its limits: that is for
//! plugins that err. A worker is for plugins that are not trusted: landlock gives it files to read and none to write but
//! its own, seccomp takes the network and whatever else reaches other processes.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
    Scope, path_beneath_rules,
};
use ropt_isolation::rules::Rules;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Cmp, SeccompCondition, SeccompFilter,
    SeccompRule,
};
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
    filter(rules)
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

/// Calls by which a process reaches others, or gets out of what holds it; refused whatever their arguments.
const REACHING: [i64; 20] = [
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_setrlimit,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_reboot,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_io_uring_setup,
    libc::SYS_keyctl,
];

/// What a worker has no use for, besides.
const NETWORK: [i64; 4] = [libc::SYS_socket, libc::SYS_connect, libc::SYS_bind, libc::SYS_listen];

fn filter(rules: &Rules) -> Result<(), SandboxError> {
    let when =
        |index, len, cmp, value| Ok(vec![SeccompRule::new(vec![SeccompCondition::new(index, len, cmp, value)?])?]);
    let mut refused: Vec<(i64, Vec<SeccompRule>)> = REACHING.map(|call| (call, vec![])).to_vec();
    if rules.mode == super::Mode::Process {
        refused.extend(NETWORK.map(|call| (call, vec![])));
    }
    let new_limit: Result<_, seccompiler::BackendError> = when(2, Len::Qword, Cmp::Ne, 0);
    refused.push((libc::SYS_prlimit64, new_limit?));
    let own = u64::from(std::process::id());
    for call in [libc::SYS_kill, libc::SYS_tgkill] {
        let other: Result<_, seccompiler::BackendError> = when(0, Len::Dword, Cmp::Ne, own);
        refused.push((call, other?));
    }
    refused.push((libc::SYS_tkill, vec![]));
    if !rules.processes {
        refused.extend([libc::SYS_execve, libc::SYS_execveat].map(|call| (call, vec![])));
        #[cfg(target_arch = "x86_64")]
        refused.extend([libc::SYS_fork, libc::SYS_vfork].map(|call| (call, vec![])));
        // Threads are no processes.
        let threads = libc::CLONE_THREAD as u64;
        let process: Result<_, seccompiler::BackendError> = when(0, Len::Qword, Cmp::MaskedEq(threads), 0);
        refused.push((libc::SYS_clone, process?));
        // Its flags lie in memory, where a filter cannot look; who is told that there is no such call takes clone.
        install(vec![(libc::SYS_clone3, vec![])], libc::ENOSYS)?;
    }
    install(refused, libc::EPERM)
}

fn install(refused: Vec<(i64, Vec<SeccompRule>)>, error: i32) -> Result<(), SandboxError> {
    let answer = SeccompAction::Errno(error as u32);
    let machine = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(refused.into_iter().collect(), SeccompAction::Allow, answer, machine)?;
    let program: BpfProgram = filter.try_into()?;
    Ok(seccompiler::apply_filter_all_threads(&program)?)
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
