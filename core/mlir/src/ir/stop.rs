//! Stopping what rewrites an op's contents.

use std::sync::atomic::{AtomicBool, Ordering};

use mlir_sys::MlirOperation;

use super::edit::Op;
use crate::sys;

/// Lets another thread end the patterns and passes that run below an op. They end one by one, without an error, and leave
/// the contents as they happen to be: whoever asked takes a copy in their place. What is no pattern goes on to its end.
#[derive(Debug)]
pub struct Stop {
    root: MlirOperation,
    asked: AtomicBool,
}

// SAFETY: the op is only a name that is looked up under a lock; no thread reads it through this.
unsafe impl Send for Stop {}
// SAFETY: as above.
unsafe impl Sync for Stop {}

impl Stop {
    /// For an op that outlives this; it takes effect with [`Stop::ask`].
    pub fn new(root: Op<'_>) -> Self {
        Self { root: root.to_raw(), asked: AtomicBool::new(false) }
    }

    /// Ends what runs below the op now, and whatever is started below it until this is dropped.
    pub fn ask(&self) {
        if !self.asked.swap(true, Ordering::AcqRel) {
            // SAFETY: the pointer is compared, not read.
            unsafe { sys::roptStop(self.root) };
        }
    }

    /// Whether it was asked for.
    pub fn asked(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        if self.asked() {
            // SAFETY: as in `ask`.
            unsafe { sys::roptStopEnd(self.root) };
        }
    }
}

/// Whether what runs on this op, or on one around it, is to end.
pub fn stop_asked(op: Op<'_>) -> bool {
    // SAFETY: a live op, whose parents do not change while a pass works on it.
    unsafe { sys::roptStopAsked(op.to_raw()) }
}
