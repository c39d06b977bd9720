//! A plugin of the tests: everything in it breaks a promise that `ropt plugins check` tries.
//!
//! Its file is not named `libropt_…`, so no tool finds it unless it is named.

mod passes;
mod target;

ropt_plugin::plugin!("wrong");
