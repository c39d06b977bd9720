//! The CUDA target: kernels as PTX, through MLIR's own conversions and LLVM's NVPTX code generator. No CUDA toolkit.

#![expect(clippy::duplicated_attributes, reason = "each flag of a target is a declaration of its own")]

mod check;
mod chip;
mod passes;
mod serialize;
mod shared;
mod target;

ropt_plugin::plugin!("target-cuda");
