//! The LLVM half of code generation: LLVM dialect → LLVM IR → optimised → assembly, object → linked ELF.
//!
//! Owns every call of LLVM's C API and of lld. Knows nothing of executables, kernels or programs: the CPU target and
//! the program writer bring the modules and say which symbols stay visible.

mod builtins;
mod emit;
mod error;
mod ffi;
mod link;
mod machine;
mod module;
mod scratch;
mod subtarget;

pub use builtins::{BUILTINS, builtins};
pub use emit::FileKind;
pub use error::LlvmError;
pub use link::{LinkInput, LinkOptions, link_shared};
pub use machine::{Machine, MachineOptions, host_cpu, host_features};
pub use module::LlvmModule;
pub use scratch::remove_link_folders;
pub use subtarget::{cpu_features, cpu_names, feature_names};
