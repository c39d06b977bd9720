//! Runs a pipeline or a command of the user on each executable before it is configured.

mod preprocess_executables;

ropt_plugin::plugin!("preprocess");
