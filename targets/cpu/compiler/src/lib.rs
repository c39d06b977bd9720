//! CPU target: compiles kernels to ELF objects.
//!
//! Owns everything between a kernel on tensors and a shared object with one C function an export: choosing and
//! applying schedules, bufferization, the grid, the calling convention, LLVM. Knows nothing of the program around it.

mod config;
mod descriptor;
mod objects;
mod ops;
mod passes;
mod schedule;
mod select;
mod serialize;
mod target;

ropt_plugin::plugin!("target-cpu");
