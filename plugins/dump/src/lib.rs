//! Writes executables, and whole modules at each phase, to files that can be given back.

#![expect(clippy::duplicated_attributes, reason = "each flag and slot of a pass is a declaration of its own")]

mod capture_executable_sources;
mod dump_executable_sources;
mod dump_phase;
mod module_name;
mod strip_executable_contents;
mod text;

ropt_plugin::plugin!("dump");
