//! Loads compiled programs and drives devices.
//!
//! A [`Program`](program::Program) is a file that was checked without running any of it. [`Drivers`](drivers::Drivers)
//! finds the driver plugins and opens a [`Device`](device::Device). Both make a [`Session`](session::Session), whose
//! functions are called with [`Value`](value::Value)s. Links neither MLIR nor LLVM.

pub mod call;
pub mod compare;
mod context;
pub mod device;
pub mod drivers;
pub mod element;
mod fault;
pub mod input;
pub mod literal;
pub mod measure;
pub mod npy;
pub mod output;
mod pattern;
pub mod print;
mod profile;
pub mod program;
mod record;
pub mod session;
pub mod types;
pub mod value;
pub mod verify;
pub mod watchdog;

pub use fault::install_handler;
pub use ropt_abi::{ABI_MAJOR, ABI_MINOR};
