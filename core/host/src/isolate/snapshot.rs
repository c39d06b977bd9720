//! What an op is made of at one moment, by which host and worker tell each other only what changed.

use ropt_mlir::{
    mlir_sys::MlirOperation,
    sys::{self, RoptSnapshot, RoptStr},
};
use std::ptr;

/// A snapshot of an op. It holds addresses of the op's context, and means nothing when that has ended.
pub(crate) struct Snapshot(*mut RoptSnapshot);

// SAFETY: its addresses are compared, and looked at only while a pass runs on an op of their context.
unsafe impl Send for Snapshot {}

impl Drop for Snapshot {
    fn drop(&mut self) {
        // SAFETY: made by `take`, and nobody else's.
        unsafe { sys::roptSnapshotDrop(self.0) }
    }
}

impl Snapshot {
    /// With a table others can be told against it.
    ///
    /// # Safety
    /// The op must be alive.
    pub(crate) unsafe fn take(op: MlirOperation, table: bool) -> Self {
        // SAFETY: the caller's word.
        Self(unsafe { sys::roptSnapshotTake(op, table) })
    }

    /// Of all that is around the op and not in it; none when nothing is.
    ///
    /// # Safety
    /// The op must be alive.
    pub(crate) unsafe fn around(op: MlirOperation) -> Option<Self> {
        // SAFETY: the caller's word.
        let made = unsafe { sys::roptSnapshotAround(op) };
        (!made.is_null()).then_some(Self(made))
    }

    /// Whether `now` is another one, with an op that is, unless it is gone.
    pub(crate) fn changed(&self, now: &Self) -> Option<Option<MlirOperation>> {
        let mut what = MlirOperation { ptr: ptr::null_mut() };
        // SAFETY: both are alive; addresses are compared.
        let changed = unsafe { sys::roptSnapshotChanged(self.0, now.0, &raw mut what) };
        changed.then(|| Some(what).filter(|what| !what.ptr.is_null()))
    }

    /// A number by which two processes can tell that their tables mean the same.
    pub(crate) fn pattern(&self) -> u64 {
        // SAFETY: alive as long as `self`.
        unsafe { sys::roptSnapshotPattern(self.0) }
    }

    pub(crate) fn is_of(&self, op: MlirOperation) -> bool {
        // SAFETY: as above; the op is only compared.
        unsafe { sys::roptSnapshotIsOf(self.0, op) }
    }

    /// Whether `now` is the same.
    ///
    /// # Safety
    /// The context of this snapshot must be alive.
    pub(crate) unsafe fn same(&self, now: &Self) -> bool {
        // SAFETY: the caller's word.
        unsafe { sys::roptSnapshotSame(self.0, now.0) }
    }

    /// What is to be done to what this is of, to have what `now` is of; nothing when both are the same. None: it cannot
    /// be written, which is diagnosed.
    ///
    /// # Safety
    /// The op of `now` must be alive and as it was when that was taken.
    pub(crate) unsafe fn change_to(&self, now: &Self) -> Option<Vec<u8>> {
        let mut bytes: Vec<u8> = Vec::new();
        // SAFETY: the caller's word; the sink gets the Vec above.
        let written = unsafe { sys::roptWriteChange(self.0, now.0, sys::push_bytes, (&raw mut bytes).cast()) };
        (written == 0).then_some(bytes)
    }
}

/// All of the op as bytes; none when it cannot be written, which is diagnosed.
///
/// # Safety
/// The op must be alive.
pub(crate) unsafe fn whole(op: MlirOperation) -> Option<Vec<u8>> {
    let mut bytes: Vec<u8> = Vec::new();
    // SAFETY: the caller's word; the sink gets the Vec above.
    let written = unsafe { sys::roptWriteOp(op, sys::push_bytes, (&raw mut bytes).cast()) };
    (written == 0).then_some(bytes)
}

/// Whether the bytes are of an op in full, and none of a change.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'w')
}

/// Verifies what the bytes changed of `op`, which has become what they tell against `then`, and before that reads them once
/// more if it `reads`, to find out whether this process survives it.
///
/// # Safety
/// The op must be alive, and this thread's, as must be the context of `then`.
pub(crate) unsafe fn try_op(op: MlirOperation, then: Option<&Snapshot>, bytes: &[u8], reads: bool) {
    let then = then.map_or(ptr::null(), |then| then.0.cast_const());
    // SAFETY: the caller's word.
    unsafe { sys::roptTryOp(op, then, RoptStr::of_bytes(bytes), reads) }
}

/// Why bytes cannot be adopted.
pub(crate) enum Refused {
    /// They are no IR.
    Unreadable,
    /// They are of another op.
    OtherOp,
}

/// Makes of `op` what the bytes tell against `then`, a snapshot of it as it is.
///
/// # Safety
/// The op must be alive, and this thread's to change.
pub(crate) unsafe fn adopt(op: MlirOperation, then: Option<&Snapshot>, bytes: &[u8]) -> Result<(), Refused> {
    let then = then.map_or(ptr::null(), |then| then.0.cast_const());
    // SAFETY: the caller's word; the bytes are only read.
    match unsafe { sys::roptAdoptOp(op, then, RoptStr::of_bytes(bytes)) } {
        0 => Ok(()),
        1 => Err(Refused::Unreadable),
        _ => Err(Refused::OtherOp),
    }
}
