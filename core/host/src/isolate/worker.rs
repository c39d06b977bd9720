//! Processes that wait for passes to run. Each belongs to one plugin and is used by one thread at a time, so that MLIR's
//! threads work side by side as they do without isolation.

use super::{
    Call,
    ending::Ending,
    session::{Channel, Done, Ends, Kept, Leaving},
    snapshot::{Snapshot, whole},
    validator::Validator,
};
use crate::{flags::takes_value, host::Host};
use ropt_isolation::{
    rules::Rules,
    wire::{Kind, message},
};
use ropt_mlir::{mlir_sys::MlirOperation, sys};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    io,
    os::fd::OwnedFd,
    process::{Command, Stdio},
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The first word of a worker's command line; the number of its messages follows.
pub(super) const WORD: &str = "--isolated-worker=";

/// What holds for all passes of a worker.
#[derive(Serialize, Deserialize)]
pub(super) struct Hello {
    /// The flags of `ropt compile`.
    pub(super) flags: HashMap<String, Vec<String>>,
    /// MLIR's flags.
    pub(super) mlir: Vec<String>,
    pub(super) rules: Rules,
    /// Whether it is to read what another worker gives back.
    pub(super) validates: bool,
    /// The plugin's file, and the folder for its temporary files.
    pub(super) plugin: std::path::PathBuf,
    pub(super) work: std::path::PathBuf,
}

/// A process with a plugin, and the one that looks at what it gives back.
struct Worker {
    channel: Channel,
    validator: Validator,
}

/// Processes that passes have left.
#[derive(Default)]
pub(crate) struct Pool {
    /// Workers without work, by plugin.
    idle: Mutex<HashMap<usize, Vec<Worker>>>,
    leaving: Mutex<Vec<Leaving>>,
    generation: AtomicU64,
}

impl Pool {
    /// A worker, and that which has the op, if one has it.
    fn take(&self, plugin: usize, op: MlirOperation) -> Option<Worker> {
        let mut idle = lock(&self.idle);
        let workers = idle.get_mut(&plugin)?;
        let generation = self.generation();
        let has = |kept: &Kept| kept.generation == generation && kept.snapshot.is_of(op);
        match workers.iter().position(|worker| worker.channel.kept.as_ref().is_some_and(has)) {
            Some(place) => Some(workers.swap_remove(place)),
            None => workers.pop(),
        }
    }

    fn give(&self, plugin: usize, worker: Worker) {
        lock(&self.idle).entry(plugin).or_default().push(worker);
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// From here on nothing is held against what workers have: it is of a context that may have ended, and addresses in
    /// it may be those of other things now.
    pub(crate) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Ends a process, and looks after those that ended.
    pub(super) fn dismiss(&self, child: Channel) {
        let mut leaving = lock(&self.leaving);
        leaving.retain(|child| !child.is_gone());
        leaving.push(child.dismiss());
    }

    /// Ends all of them.
    pub(crate) fn end(&self) {
        let all = std::mem::take(&mut *lock(&self.idle));
        for mut worker in all.into_values().flatten() {
            worker.channel.end(Duration::ZERO);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

pub(super) fn run(call: &Call<'_>) -> Result<Done, Ending> {
    let host = call.running.host;
    let mut outgoing = Vec::new();
    let generation = host.workers.generation();
    let end = call.end();
    let Worker { channel: mut worker, mut validator } = match host.workers.take(call.plugin, call.op) {
        Some(worker) => worker,
        None => {
            // This one ends of itself when the other cannot be started.
            let validator = Validator::start(call)?;
            Worker { channel: start(call, false, &mut outgoing)?, validator }
        }
    };
    // SAFETY: pass and op are alive during the call.
    let (pass, (now, ir)) = unsafe {
        let pass = sys::collect(|sink, user| sys::roptPassText(call.running.run, sink, user)).concat();
        let kept = worker.kept.take().filter(|kept| kept.generation == generation && kept.snapshot.is_of(call.op));
        (pass, tell(call.op, kept.map(|kept| kept.snapshot)).ok_or(Ending::NotAlone)?)
    };
    let request = [&now.pattern().to_le_bytes(), pass.as_bytes()].concat();
    outgoing.extend(message(worker.number, Kind::Request, &request));
    outgoing.extend(message(worker.number, Kind::Ir, &ir));
    allow_time(worker.pid(), call.rules.limits.cpu_s);
    validator.told(&ir);
    let done = worker.exchange(call, &outgoing, end)?;
    if done.code == 0 {
        let read = if done.ir.is_empty() { Ok(Vec::new()) } else { validator.check(call, &now, &done.ir, end) };
        if let Err(ending) = read.and_then(|ir| call.adopt(&ir, &now)) {
            worker.end(Duration::ZERO);
            return Err(ending);
        }
        // SAFETY: the op is alive.
        let snapshot = if done.ir.is_empty() { now } else { unsafe { Snapshot::take(call.op, true) } };
        worker.kept = done.keeps.then_some(Kept { generation, snapshot });
    }
    host.workers.give(call.plugin, Worker { channel: worker, validator });
    Ok(done)
}

/// The op as it is, and what a worker must be told to have it, which has `kept`: nothing, if it is that.
///
/// # Safety
/// The op must be alive, as must be the context of `kept`.
unsafe fn tell(op: MlirOperation, kept: Option<Snapshot>) -> Option<(Snapshot, Vec<u8>)> {
    // SAFETY: the caller's word.
    unsafe {
        let Some(kept) = kept else { return Some((Snapshot::take(op, true), whole(op)?)) };
        if kept.same(&Snapshot::take(op, false)) {
            return Some((kept, Vec::new()));
        }
        let now = Snapshot::take(op, true);
        let change = kept.change_to(&now)?;
        Some((now, change))
    }
}

/// Starts a worker; what it must know first is put before the first request.
pub(super) fn start(call: &Call<'_>, validates: bool, outgoing: &mut Vec<u8>) -> Result<Channel, Ending> {
    let host = call.running.host;
    let (channel, Ends { wire, output }) = Channel::new()?;
    // Its own, for what one plugin writes no other and no host must follow or read.
    let work = tempfile::Builder::new().prefix("worker-").tempdir_in(host.work_dir()?)?.keep();
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(format!("{WORD}{}", channel.number)).args(host.plugin_arguments());
    // Nothing of the user's environment is a plugin's business.
    command.env_clear().env("TMPDIR", &work).env("LANG", "C.UTF-8");
    command.envs(
        ["PATH", "ROPT_PLUGIN_PATH", "LD_LIBRARY_PATH"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))),
    );
    command.stdin(OwnedFd::from(wire)).stdout(output.try_clone()?).stderr(Stdio::from(output));
    let child = command.spawn()?;
    let mut rules = call.rules.clone();
    if validates {
        (rules.read, rules.write, rules.processes) = (Vec::new(), Vec::new(), false);
    }
    let hello = Hello {
        flags: host.flags.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone(),
        mlir: mlir_flags(host),
        rules,
        validates,
        plugin: host.plugins[call.plugin].file.path.clone(),
        work,
    };
    let hello = serde_json::to_vec(&hello).map_err(io::Error::from)?;
    outgoing.extend(message(channel.number, Kind::Hello, &hello));
    Ok(channel.of(child.id() as libc::pid_t))
}

/// MLIR's flags, each with its value in one word.
fn mlir_flags(host: &Host) -> Vec<String> {
    let outside = host.outside.read().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut flags = Vec::new();
    let mut words = outside.flags.iter().peekable();
    while let Some(word) = words.next().filter(|word| word.len() > 1) {
        let name = word.trim_start_matches('-');
        if !word.starts_with('-') {
            continue;
        }
        match words.peek() {
            Some(value) if !word.contains('=') && takes_value(name) => flags.push(format!("{word}={value}")),
            _ => flags.push(word.clone()),
        }
    }
    flags
}

/// Gives the process so many seconds more than it has used. What cannot be set is not held against the pass: the limit
/// of time by the clock holds in any case.
pub(super) fn allow_time(pid: libc::pid_t, seconds: u64) {
    let (mut clock, mut used) = (0, libc::timespec { tv_sec: 0, tv_nsec: 0 });
    // SAFETY: asks and sets numbers of a child of ours.
    unsafe {
        if libc::clock_getcpuclockid(pid, &raw mut clock) == 0 && libc::clock_gettime(clock, &raw mut used) == 0 {
            let limit = libc::rlimit { rlim_cur: used.tv_sec as u64 + seconds + 1, rlim_max: libc::RLIM_INFINITY };
            libc::prlimit(pid, libc::RLIMIT_CPU, &raw const limit, std::ptr::null_mut());
        }
    }
}
