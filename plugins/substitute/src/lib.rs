//! Puts edited or hand-written executables back into a program.
//!
//! One pass: it gathers what to replace, checks all of it, and only then touches the module.

#![expect(clippy::duplicated_attributes, reason = "each flag and slot of a pass is a declaration of its own")]

mod apply;
mod clang;
mod device_sources;
mod error;
mod gather;
mod ir;
mod objects;
mod plan;
mod process;
mod substitute_executables;

ropt_plugin::plugin!("substitute");
