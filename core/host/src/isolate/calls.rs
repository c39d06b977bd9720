//! Calls of the system that are refused to a process in which a pass runs.

use super::{Mode, sandbox::SandboxError};
use ropt_isolation::rules::Rules;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Cmp, SeccompCondition,
    SeccompFilter, SeccompRule, sock_filter,
};

/// A call, and when it is refused: always, if there is no rule.
type Refused = Vec<(i64, Vec<SeccompRule>)>;

/// Calls by which a process reaches others, or gets out of what holds it.
const REACHING: [i64; 22] = [
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_tkill,
    libc::SYS_setrlimit,
    libc::SYS_ioprio_set,
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

/// What a worker has no use for, besides: the network, and memory and messages that live as long as the system.
const WORKER: [i64; 9] = [
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_shmget,
    libc::SYS_shmctl,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgctl,
];

/// Changes of files by name that no version of landlock looks at, or none before its third.
const FILES: [i64; 9] = [
    libc::SYS_truncate,
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchownat,
    libc::SYS_fchown,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
];

/// The same by their older calls, which other processors do not have.
#[cfg(target_arch = "x86_64")]
const OLDER: [i64; 6] =
    [libc::SYS_chmod, libc::SYS_chown, libc::SYS_lchown, libc::SYS_utime, libc::SYS_utimes, libc::SYS_futimesat];

/// Since Linux 6.6, the same everywhere.
const FCHMODAT2: i64 = 452;

/// ioctl(2) that has others signalled, types into the terminal, or pastes into a console.
const IOCTLS: [u64; 4] = [0x8901, 0x8902, libc::TIOCSTI, 0x541C];

/// Takes calls from this process and all that it starts.
pub(super) fn filter(rules: &Rules) -> Result<(), SandboxError> {
    let mut refused: Refused = REACHING.map(|call| (call, vec![])).to_vec();
    refused.extend(others(rules.processes)?);
    // Two calls whose flags lie in memory, where a filter cannot look; who is told that there are none takes the older.
    let mut unknown: Refused = vec![];
    if rules.mode == Mode::Process {
        refused.extend(WORKER.into_iter().chain(FILES).map(|call| (call, vec![])));
        #[cfg(target_arch = "x86_64")]
        refused.extend(OLDER.map(|call| (call, vec![])));
        // Times of a file by its name; without one they are of an open file.
        refused.push((libc::SYS_utimensat, vec![rule(vec![is(1, Len::Qword, Cmp::Ne, 0)])?]));
        // Opened for reading and truncated is written to.
        let truncates = (libc::O_ACCMODE | libc::O_TRUNC) as u64;
        let truncates = |index| rule(vec![is(index, Len::Dword, Cmp::MaskedEq(truncates), libc::O_TRUNC as u64)]);
        refused.push((libc::SYS_openat, vec![truncates(2)?]));
        #[cfg(target_arch = "x86_64")]
        refused.push((libc::SYS_open, vec![truncates(1)?]));
        unknown.push((libc::SYS_openat2, vec![]));
    }
    if !rules.processes {
        refused.extend([libc::SYS_execve, libc::SYS_execveat].map(|call| (call, vec![])));
        #[cfg(target_arch = "x86_64")]
        refused.extend([libc::SYS_fork, libc::SYS_vfork].map(|call| (call, vec![])));
        // Threads are no processes.
        let threads = libc::CLONE_THREAD as u64;
        refused.push((libc::SYS_clone, vec![rule(vec![is(0, Len::Qword, Cmp::MaskedEq(threads), 0)])?]));
        unknown.push((libc::SYS_clone3, vec![]));
    }
    #[cfg(target_arch = "x86_64")]
    seccompiler::apply_filter_all_threads(&X32)?;
    install(unknown, libc::ENOSYS)?;
    install(refused, libc::EPERM)
}

/// What is allowed of this process, or of its threads, only. One that may start programs may signal them, but not the host.
fn others(processes: bool) -> Result<Refused, SandboxError> {
    let own = u64::from(std::process::id());
    // SAFETY: asks for numbers.
    let (host, group) = unsafe { (libc::getppid(), libc::getpgrp()) };
    let spared = |signalled: libc::pid_t| rule(vec![is(0, Len::Dword, Cmp::Eq, u64::from(signalled as u32))]);
    let mut refused = Vec::new();
    for call in [libc::SYS_kill, libc::SYS_tgkill, libc::SYS_rt_sigqueueinfo, libc::SYS_rt_tgsigqueueinfo] {
        let rules = match processes {
            true => [host, -group, 0, -1].map(spared).into_iter().collect::<Result<_, _>>()?,
            false => vec![rule(vec![is(0, Len::Dword, Cmp::Ne, own)])?],
        };
        refused.push((call, rules));
    }
    // One that has a new limit.
    refused.push((libc::SYS_prlimit64, vec![rule(vec![is(2, Len::Qword, Cmp::Ne, 0)])?]));
    // An open file can have any signal sent to its owner.
    let owner = [libc::F_SETOWN, F_SETOWN_EX].map(|what| rule(vec![is(1, Len::Dword, Cmp::Eq, what as u64)]));
    refused.push((libc::SYS_fcntl, owner.into_iter().collect::<Result<_, _>>()?));
    let ioctls = IOCTLS.map(|what| rule(vec![is(1, Len::Dword, Cmp::Eq, what)]));
    refused.push((libc::SYS_ioctl, ioctls.into_iter().collect::<Result<_, _>>()?));
    // Where and how urgently the caller runs is its own; of a group or a user it is not.
    for call in [libc::SYS_sched_setaffinity, libc::SYS_sched_setscheduler, libc::SYS_sched_setparam] {
        refused.push((call, vec![rule(vec![is(0, Len::Dword, Cmp::Ne, 0)])?]));
    }
    let whose = [0, 1].map(|index| rule(vec![is(index, Len::Dword, Cmp::Ne, 0)]));
    refused.push((libc::SYS_setpriority, whose.into_iter().collect::<Result<_, _>>()?));
    Ok(refused)
}

/// fcntl(2)'s, which libc does not have everywhere.
const F_SETOWN_EX: i32 = 15;

type Condition = Result<SeccompCondition, BackendError>;

fn is(index: u8, len: Len, cmp: Cmp, value: u64) -> Condition {
    SeccompCondition::new(index, len, cmp, value)
}

fn rule(conditions: Vec<Condition>) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(conditions.into_iter().collect::<Result<_, _>>()?)
}

fn install(refused: Refused, error: i32) -> Result<(), SandboxError> {
    if refused.is_empty() {
        return Ok(());
    }
    let answer = SeccompAction::Errno(error as u32);
    let machine = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(refused.into_iter().collect(), SeccompAction::Allow, answer, machine)?;
    let program: BpfProgram = filter.try_into()?;
    Ok(seccompiler::apply_filter_all_threads(&program)?)
}

/// There are no calls by the numbers of x32, which the other filters do not know: load the number, test bit 30.
#[cfg(target_arch = "x86_64")]
const X32: [sock_filter; 4] = [
    sock_filter { code: 0x20, jt: 0, jf: 0, k: 0 },
    sock_filter { code: 0x45, jt: 0, jf: 1, k: 0x4000_0000 },
    sock_filter { code: 0x06, jt: 0, jf: 0, k: 0x0005_0000 | libc::ENOSYS as u32 },
    sock_filter { code: 0x06, jt: 0, jf: 0, k: 0x7fff_0000 },
];
