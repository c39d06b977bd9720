//! Finds, checks and loads plugins; checks and runs pipelines; reports. It knows no pass, target or file format: all
//! it has of them comes from manifests.

pub mod bridge;
pub mod compile;
pub mod crash;
pub mod discover;
pub mod doctor;
pub mod error;
pub mod flags;
pub mod host;
mod identity;
pub mod input;
pub mod interrupt;
pub mod isolate;
pub mod listing;
pub mod load;
mod loaded;
pub mod near;
mod neighbours;
pub mod output;
pub mod pipeline;
pub mod report;
pub mod reproduce;
mod reserved;
pub mod run;
mod services;
pub mod statistics;
pub mod target_pipeline;
pub mod upstream;
mod watch;

pub use error::HostError;
pub use host::Host;

/// Whether a pipeline can hold the text as the value of an option.
#[must_use]
pub fn writable_in_pipeline(text: &str) -> bool {
    ropt_abi::quote::scalar(text).is_ok()
}

/// What this host is built of.
pub mod version {
    pub use ropt_abi::{ABI_MAJOR, ABI_MINOR};
    pub use ropt_mlir::{BUILD_ID, SONAME};
}
