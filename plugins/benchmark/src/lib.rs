//! Writes executables as programs of their own that measure them.

#![expect(clippy::duplicated_attributes, reason = "each flag and slot of a pass is a declaration of its own")]

mod dump_executable_benchmarks;

ropt_plugin::plugin!("benchmark");
