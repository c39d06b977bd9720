//! The Vulkan target: kernels as SPIR-V modules, through MLIR's own conversions.

mod objects;
mod passes;
mod serialize;
mod target;

ropt_plugin::plugin!("target-vulkan");
