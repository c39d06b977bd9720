//! The one MLIR of a ropt process: `libropt_mlir.so` with our dialects and a thin shim, and helpers over melior.
//!
//! Host and plugins link the same library, so IR crosses their boundary as raw handles. This crate knows no pass
//! and no target.

mod build_id;
pub mod ir;
pub mod kernel;
pub mod llvm;
pub mod sys;

pub use build_id::build_id;
pub use melior;
pub use mlir_sys;

/// MLIR's version and our ABI number, as `22.1.8+abi1`. Plugins carry it in their manifest.
pub const BUILD_ID: &str = env!("ROPT_MLIR_BUILD");

/// The soname of the library that holds the process's MLIR.
pub const SONAME: &str = env!("ROPT_MLIR_SONAME");
