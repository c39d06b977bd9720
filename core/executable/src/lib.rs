//! What is known of executables without any compiler: how they are named and found again in files, what their
//! interface is and where two interfaces differ, and what an object file holds.
//!
//! Pure Rust, no MLIR; everything here takes text and bytes, and none of it panics on any input.

pub mod cubin;
pub mod interface;
pub mod kind;
mod libc;
pub mod names;
pub mod near;
pub mod object;
pub mod output;
pub mod ptx;
pub mod spirv;

pub use kind::FileKind;
pub use libc::libc_has;
pub use near::{did_you_mean, nearest};
