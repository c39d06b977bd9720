//! What `ropt plugins check` holds a plugin to.
//!
//! Owns the programs that a target must compile, with their results by a reference of its own ([`program`],
//! [`programs`]); the demands on a driver's tables ([`driver`]); what a target claims ([`claims`]); and the report.
//! It starts no process and links no MLIR: `ropt` compiles the programs, `ropt-run` runs them and asks the drivers.

pub mod claims;
pub mod driver;
pub mod program;
pub mod programs;
pub mod report;
pub mod values;

pub use ropt_runtime::{element::Element, value::Value};
