//! Turns tensor programs into executables with dispatches of them, and executables into variants for targets.
//!
//! Owns what happens between a program as a front end wrote it and `hal.executable` with its variants. It generates no
//! code and knows no backend.

#![expect(clippy::duplicated_attributes, reason = "each flag and slot of a pass is a declaration of its own")]

mod assign_targets;
mod bounds;
mod capture;
mod check;
mod concat;
mod dims;
mod form_dispatches;
mod groups;
mod kernel;
mod layout;
mod names;
mod outline;
mod outline_dispatch_externs;
mod prepare;
mod program;
mod prune_executables;
mod resolve_executable_objects;
mod role;
mod rows;
mod serial;
mod sizes;
mod space;
mod values;
mod variants;

ropt_plugin::plugin!("dispatch");
