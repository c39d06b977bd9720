//! The target `portable-c`: kernels as C text, for any compiler and machine.
//!
//! Bufferization and loops are passes of ropt and of MLIR, the C text is written by MLIR's emitc dialect. What this
//! plugin brings is what lies between: the interface of kernels (`c-lower-interface`), and what emitc has no text for
//! (`c-call-helpers`).

mod call_helpers;
mod lower_interface;
mod memory;
mod target;

ropt_plugin::plugin!("portable-c");
