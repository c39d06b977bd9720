//! The Vulkan target: kernels as SPIR-V modules, through MLIR's own conversions.

#![expect(clippy::duplicated_attributes, reason = "each flag of a target is a declaration of its own")]

mod check;
mod empty_loops;
mod environment;
mod passes;
mod ranges;
mod serialize;
mod target;

ropt_plugin::plugin!("target-vulkan");
