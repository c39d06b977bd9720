//! The same work on many variants, on as many threads as MLIR may use.

use std::sync::atomic::{AtomicUsize, Ordering};

use ropt_mlir::{ir::edit::context_of, mlir_sys::mlirContextGetNumThreads};

use crate::variants::Variant;

/// What goes to other threads.
struct Lent<T>(T);

// SAFETY: the threads only read the module, which nobody changes before they end; what MLIR's context makes for a reader
// it makes under locks, and where threading is off in the context there is one thread only.
unsafe impl<T> Send for Lent<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Lent<T> {}

/// The results of `work` for each variant, in order. `work` reads the variant and changes nothing.
pub(super) fn map<'c, R: Send>(variants: &[Variant<'c>], work: impl Fn(&Variant<'c>) -> R + Sync) -> Vec<R> {
    let Some(first) = variants.first() else { return Vec::new() };
    // SAFETY: the context is live.
    let allowed = unsafe { mlirContextGetNumThreads(context_of(first.op).to_raw()) } as usize;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    // A thread is not worth starting for a few.
    let threads = allowed.min(processors).min(variants.len().div_ceil(8)).max(1);
    if threads == 1 {
        return variants.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let (lent, work) = (Lent(variants), Lent(work));
    let (lent, work, next) = (&lent, &work, &next);
    let run = move || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(variant) = lent.0.get(at) else { return done };
            done.push((at, (work.0)(variant)));
        }
    };
    let mut all: Vec<(usize, R)> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        started.into_iter().flat_map(join).collect()
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, result)| result).collect()
}
