//! Copying ops.

use crate::sys;
use melior::ir::{Operation, OperationRef, Value, ValueLike};

/// A detached copy of `op` with every use of `from[i]`, in nested regions too, replaced by `to[i]`.
///
/// # Panics
/// When the two lists differ in length.
pub fn clone_mapped<'c>(op: OperationRef<'c, '_>, from: &[Value<'c, '_>], to: &[Value<'c, '_>]) -> Operation<'c> {
    assert_eq!(from.len(), to.len(), "one replacement for each value");
    let raw = |values: &[Value<'c, '_>]| values.iter().map(|v| v.to_raw()).collect::<Vec<_>>();
    let (from, to) = (raw(from), raw(to));
    // SAFETY: both arrays hold `n` live values; the clone is detached, so the caller owns it.
    unsafe { Operation::from_raw(sys::roptCloneMapped(op.to_raw(), from.as_ptr(), to.as_ptr(), from.len())) }
}
