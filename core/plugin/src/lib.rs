//! The SDK: write a pass, a target or a driver

pub mod driver;
pub use inventory;
