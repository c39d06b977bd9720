//! What crosses a dylib boundary: stable-ABI tables, the static manifest, versions. No MLIR.
//!
//! Tables are abi_stable prefix types, so they only ever grow at the end: a plugin of an older or newer minor version
//! loads, another major is refused from the manifest, before any of its code runs.

pub mod driver;
pub mod elf;
pub mod kernel;
pub mod library;
pub mod manifest;
pub mod open;
pub mod pass;
pub mod program;
pub mod quote;
pub mod root;
pub mod search;
pub mod services;
pub mod target;
pub mod trust;
pub mod workloads;

pub use abi_stable;

/// Major version of the ABI: other majors are refused.
pub const ABI_MAJOR: u32 = 1;
/// Minor version of the ABI: raised when a table grows at its end.
pub const ABI_MINOR: u32 = 4;

/// The sanitizer that this is built with; empty for none.
pub const SANITIZER: &str = env!("ROPT_SANITIZER");

/// A raw `MlirOperation`: valid for the duration of the call that carries it.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, abi_stable::StableAbi)]
pub struct RawOperation(pub *mut core::ffi::c_void);

/// A raw `MlirContext`: lives longer than every pass.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, abi_stable::StableAbi)]
pub struct RawContext(pub *mut core::ffi::c_void);

/// A raw `MlirLocation`, or null for none.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, abi_stable::StableAbi)]
pub struct RawLocation(pub *mut core::ffi::c_void);
