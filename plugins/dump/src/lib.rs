//! Writes executables, and whole modules at each phase, to files that can be given back.

mod dump_executable_sources;
mod dump_phase;
mod module_name;

ropt_plugin::plugin!("dump");
