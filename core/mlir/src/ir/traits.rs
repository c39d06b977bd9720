//! What an op's type promises.

use crate::sys::{RoptStr, roptOpIs};
use melior::ir::OperationRef;

/// Whether the op implements the interface, or has the property, of that name; `shim/Shim.h` lists them.
pub fn op_is(op: OperationRef<'_, '_>, what: &str) -> bool {
    // SAFETY: the op is live, and the text outlives the call.
    unsafe { roptOpIs(op.to_raw(), RoptStr::new(what)) }
}
