//! Questions about the ops of a kernel that several passes ask.

pub(crate) use ropt_mlir::kernel::*;
