//! Drives targets through configure, translate and serialize.
//!
//! The passes know no backend: the variant's target attribute names one, and the host's registry has its pipelines and
//! its serializer.

#![expect(clippy::duplicated_attributes, reason = "each flag and slot of a pass is a declaration of its own")]

mod binary;
mod compile_executables;
mod compile_variant;
mod configure_executables;
mod hoist_executable_objects;
mod limits;
mod module_name;
mod run_target_stage;
mod serialize_executables;
mod stage;
mod translate_executables;
mod variants;

ropt_plugin::plugin!("codegen");
