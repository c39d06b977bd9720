//! Runs a pipeline or a command of the user on each executable before it is configured, or a command anywhere.

mod abroad;
mod command;
mod preprocess_executables;
mod run_command;

ropt_plugin::plugin!("preprocess");
