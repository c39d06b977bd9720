//! The pool of threads that shares a grid's workgroups with the calling thread.
//!
//! There is one job at a time. The caller publishes it, takes part, closes it, and waits only for the threads that
//! joined: a thread that is still asleep when the work is done costs nothing. Threads without work spin for some
//! microseconds, so that the next dispatch of a program finds them awake, then sleep.
//!
//! Joining is a handshake of two words: a thread announces itself in `inside`, then looks at `gate`; the caller shuts
//! `gate`, then waits until `inside` is 0. Both are sequentially consistent, so either the thread sees the shut gate or
//! the caller sees the thread, and a job's memory is never read after the caller has left.

use std::{
    cell::UnsafeCell,
    hint::spin_loop,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::*},
    },
    thread::JoinHandle,
};

use crate::{
    clock::ticks,
    grid::{Failure, Grid, Scratch},
};

/// How long a thread spins before it sleeps: some 20 microseconds, the distance of a program's dispatches.
const SPIN_TICKS: u64 = 60_000;
/// Pieces a thread's share is cut into, so that slow workgroups do not leave the others idle.
const PIECES: u64 = 8;

/// Threads beside the calling one.
pub(crate) struct Threads {
    shared: Arc<Shared>,
    handles: Vec<JoinHandle<()>>,
    epoch: u64,
}

/// What the calling thread saw of a job.
pub(crate) struct Share {
    pub(crate) result: Result<(), Failure>,
    /// Workgroups that the calling thread ran itself, and the clock ticks it took for them.
    pub(crate) workgroups: u64,
    pub(crate) ticks: u64,
}

struct Shared {
    /// Number of the open job; 0: none.
    gate: Line<AtomicU64>,
    /// Threads that look at the gate or work on the job.
    inside: Line<AtomicU32>,
    /// First workgroup that nobody has taken yet.
    next: Line<AtomicU64>,
    job: UnsafeCell<Job>,
    failure: Mutex<Option<Failure>>,
    sleeping: Box<[AtomicBool]>,
    stop: AtomicBool,
}

/// A value on cache lines of its own.
#[repr(align(128))]
struct Line<T>(T);

#[derive(Clone, Copy)]
struct Job {
    grid: *const Grid<'static>,
    end: u64,
    piece: u64,
}

// SAFETY: `job` is written by the caller only while the gate is shut and nobody is inside, and read by threads only
// while they are inside an open gate; all else is atomic or locked.
unsafe impl Sync for Shared {}
// SAFETY: as above; the pointer of a job is used only while the caller waits in `run`.
unsafe impl Send for Shared {}

impl Threads {
    /// Starts `count` threads; fewer when the system refuses some.
    pub(crate) fn start(count: usize) -> Self {
        let shared = Arc::new(Shared {
            gate: Line(AtomicU64::new(0)),
            inside: Line(AtomicU32::new(0)),
            next: Line(AtomicU64::new(0)),
            job: UnsafeCell::new(Job { grid: std::ptr::null(), end: 0, piece: 1 }),
            failure: Mutex::new(None),
            sleeping: (0..count).map(|_| AtomicBool::new(false)).collect(),
            stop: AtomicBool::new(false),
        });
        let start = |index: usize| {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name(format!("ropt-cpu-{}", index + 1))
                .stack_size(4 << 20)
                .spawn(move || shared.work(index))
                .ok()
        };
        let handles = (0..count).map_while(start).collect();
        Self { shared, handles, epoch: 0 }
    }

    /// Number of the pool's threads, without the calling one.
    pub(crate) fn count(&self) -> usize {
        self.handles.len()
    }

    /// Runs the workgroups from `first` on, with the calling thread taking part.
    ///
    /// # Safety
    /// As for [`Grid::run`]; the kernel may be called from several threads.
    pub(crate) unsafe fn run(&mut self, grid: &Grid<'_>, first: u64, scratch: &mut Scratch) -> Share {
        let left = grid.count - first;
        let piece = (left / ((self.count() as u64 + 1) * PIECES)).max(1);
        let job = Job { grid: std::ptr::from_ref(grid).cast(), end: grid.count, piece };
        // SAFETY: the gate is shut and nobody is inside since the last `run` returned.
        unsafe { *self.shared.job.get() = job };
        self.shared.next.0.store(first, Relaxed);
        self.epoch += 1;
        self.shared.gate.0.store(self.epoch, SeqCst);
        let helpers = usize::try_from(left - 1).unwrap_or(usize::MAX);
        for (handle, sleeping) in self.handles.iter().zip(&self.shared.sleeping).take(helpers) {
            if sleeping.swap(false, SeqCst) {
                handle.thread().unpark();
            }
        }
        let start = ticks();
        // SAFETY: as the caller promises; the grid lives until this function returns.
        let workgroups = unsafe { self.shared.take(&job, scratch, 0) };
        let ticks = ticks() - start;
        self.shared.gate.0.store(0, SeqCst);
        let mut rounds = 0_u32;
        while self.shared.inside.0.load(SeqCst) != 0 {
            rounds += 1;
            // Where threads outnumber cores, the one we wait for needs this core.
            if rounds.is_multiple_of(256) { std::thread::yield_now() } else { spin_loop() }
        }
        let failure = self.shared.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        Share { result: failure.map_or(Ok(()), Err), workgroups, ticks }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.shared.stop.store(true, SeqCst);
        for handle in self.handles.drain(..) {
            handle.thread().unpark();
            // A thread that panicked has said so; there is nothing left to do about it here.
            let _panic = handle.join();
        }
    }
}

impl Shared {
    fn work(&self, index: usize) {
        let _stack = AlternateStack::new();
        let mut scratch = Scratch::new();
        let mut done = 0;
        loop {
            done = self.await_job(index, done);
            if self.stop.load(SeqCst) {
                return;
            }
            self.inside.0.fetch_add(1, SeqCst);
            let epoch = self.gate.0.load(SeqCst);
            if epoch != 0 {
                // SAFETY: inside an open gate: the caller waits for us before it changes or frees the job.
                unsafe {
                    let job = *self.job.get();
                    self.take(&job, &mut scratch, index as u32 + 1);
                }
                done = epoch;
            }
            self.inside.0.fetch_sub(1, SeqCst);
        }
    }

    /// Returns when a job other than `done` is open, or the pool stops.
    fn await_job(&self, index: usize, done: u64) -> u64 {
        let start = ticks();
        loop {
            for _ in 0..64 {
                let epoch = self.gate.0.load(Relaxed);
                if (epoch != 0 && epoch != done) || self.stop.load(Relaxed) {
                    return done;
                }
                spin_loop();
            }
            if ticks().wrapping_sub(start) > SPIN_TICKS {
                break;
            }
        }
        self.sleeping[index].store(true, SeqCst);
        loop {
            // Behind the announcement: a job published before it is seen here, a later one wakes us.
            let epoch = self.gate.0.load(SeqCst);
            if (epoch != 0 && epoch != done) || self.stop.load(SeqCst) || !self.sleeping[index].load(SeqCst) {
                self.sleeping[index].store(false, SeqCst);
                return done;
            }
            std::thread::park();
        }
    }

    /// Takes pieces of the job until none is left; returns how many workgroups it ran.
    ///
    /// # Safety
    /// The job's grid is alive and as [`Grid::run`] wants it.
    unsafe fn take(&self, job: &Job, scratch: &mut Scratch, processor: u32) -> u64 {
        let mut workgroups = 0;
        loop {
            let start = self.next.0.fetch_add(job.piece, Relaxed);
            if start >= job.end {
                return workgroups;
            }
            let end = (start + job.piece).min(job.end);
            // SAFETY: as the caller promises.
            if let Err(failure) = unsafe { (*job.grid).run(start..end, scratch, processor) } {
                self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
                self.next.0.store(job.end, Relaxed);
                return workgroups;
            }
            workgroups += end - start;
        }
    }
}

/// A stack of the thread for signal handlers, so that a kernel's stack overflow is reported as a fault of the kernel.
struct AlternateStack {
    /// What the system has the address of, until the thread ends.
    _memory: Box<[u8]>,
}

impl AlternateStack {
    fn new() -> Self {
        let mut memory = vec![0_u8; 64 << 10].into_boxed_slice();
        let stack = libc::stack_t { ss_sp: memory.as_mut_ptr().cast(), ss_flags: 0, ss_size: memory.len() };
        // SAFETY: the memory belongs to this thread alone, and stays until `drop`. A refusal only costs the better message.
        unsafe { libc::sigaltstack(&raw const stack, std::ptr::null_mut()) };
        Self { _memory: memory }
    }
}

impl Drop for AlternateStack {
    fn drop(&mut self) {
        let none = libc::stack_t { ss_sp: std::ptr::null_mut(), ss_flags: libc::SS_DISABLE, ss_size: 0 };
        // SAFETY: no handler runs on the stack now; afterwards nobody has its address.
        unsafe { libc::sigaltstack(&raw const none, std::ptr::null_mut()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropt_abi::kernel::{DispatchState, Environment, WorkgroupState};
    use std::ffi::{c_int, c_void};

    unsafe extern "C" fn mark(_: *const Environment, d: *const DispatchState, w: *const WorkgroupState) -> c_int {
        // SAFETY: the test passes one binding with a counter for each workgroup.
        unsafe {
            let index = (*w).workgroup_id_x
                + (*d).workgroup_count_x
                    * ((*w).workgroup_id_y + (*d).workgroup_count_y * u32::from((*w).workgroup_id_z));
            (*(*(*d).binding_ptrs).cast::<AtomicU32>().add(index as usize)).fetch_add(1, Relaxed);
            if (*d).constant_count == 1 && *(*d).constants == index { 7 } else { 0 }
        }
    }

    fn run(threads: &mut Threads, size: [u32; 3], first: u64, fail_at: Option<u32>) -> (Vec<u32>, Result<(), Failure>) {
        let count = u64::from(size[0]) * u64::from(size[1]) * u64::from(size[2]);
        let counters: Vec<AtomicU32> = (0..count).map(|_| AtomicU32::new(0)).collect();
        let bindings = [counters.as_ptr() as *mut c_void];
        let lengths = [counters.len() * 4];
        let constants = [fail_at.unwrap_or_default()];
        let state = DispatchState {
            workgroup_size_x: 1,
            workgroup_size_y: 1,
            workgroup_size_z: 1,
            constant_count: u16::from(fail_at.is_some()),
            workgroup_count_x: size[0],
            workgroup_count_y: size[1],
            workgroup_count_z: size[2] as u16,
            max_concurrency: 4,
            binding_count: 1,
            constants: constants.as_ptr(),
            binding_ptrs: bindings.as_ptr(),
            binding_lengths: lengths.as_ptr(),
        };
        let environment = Environment {
            constants: std::ptr::null(),
            import_thunk: std::ptr::null(),
            imports: std::ptr::null(),
            processor: [0; 8],
        };
        let grid =
            Grid { kernel: mark, environment: &environment, state: &state, count, work: 0, local_memory: 100_000 };
        // SAFETY: the kernel is thread-safe and stays inside its binding.
        let share = unsafe { threads.run(&grid, first, &mut Scratch::new()) };
        (counters.into_iter().map(AtomicU32::into_inner).collect(), share.result)
    }

    #[test]
    fn every_workgroup_runs_once() {
        let mut threads = Threads::start(3);
        for round in 0..2000_u32 {
            let size = [1 + round % 7, 1 + round % 5, 1 + round % 3];
            let (counters, result) = run(&mut threads, size, 0, None);
            assert_eq!(result, Ok(()));
            assert!(counters.iter().all(|&count| count == 1), "{size:?}: {counters:?}");
        }
        let (counters, _) = run(&mut threads, [10, 1, 1], 4, None);
        assert_eq!(counters, [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn sleeping_threads_wake_up_and_failures_end_the_job() {
        let mut threads = Threads::start(3);
        for _ in 0..3 {
            std::thread::sleep(std::time::Duration::from_millis(5));
            let (_, result) = run(&mut threads, [5, 4, 3], 0, Some(27));
            assert_eq!(result, Err(Failure { workgroup: [2, 1, 1], code: 7 }));
            assert_eq!(run(&mut threads, [5, 4, 3], 0, None).1, Ok(()));
        }
    }
}
