//! Lowers host code to calls of the runtime and writes the compiled program.
//!
//! `hal-lower-host` turns functions on tensors into readable functions on buffers that call the runtime
//! (`names`); `hal-emit-program` turns those into an ELF shared object that `ropt-run` loads; `hal-build-program` does
//! both, unless the host code is in the cache. Kernels are not looked at: their binaries are copied.

mod build_program;
mod emit_program;
mod lower_host;
mod names;
mod ops;

ropt_plugin::plugin!("program");
