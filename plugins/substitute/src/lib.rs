//! Puts edited or hand-written executables back into a program.
//!
//! One pass: it gathers what to replace, checks all of it, and only then touches the module.

mod apply;
mod clang;
mod error;
mod gather;
mod interface;
mod ir;
mod objects;
mod plan;
mod sites;
mod substitute_executables;
mod symbols;

ropt_plugin::plugin!("substitute");
