//! Passes that GPU targets share: which part of a kernel a thread computes, and where it finds its data.
//!
//! They know no API: bindings stay `hal.interface.binding.subspan` ops, threads are `gpu.thread_id`.

mod distribute_threads;
mod expand_double_math;
mod flatten_bindings;
mod select_schedule;
mod tile_threads;

ropt_plugin::plugin!("gpu");

/// The function attribute that names the schedule.
pub(crate) const SCHEDULE: &str = "ropt.schedule";
/// The attribute of the op whose result leaves the kernel.
pub(crate) const SINK: &str = "ropt.sink";
/// The schedule in which each thread computes one element.
pub(crate) const ELEMENTS: &str = "elements";
/// The schedule that changes nothing: one thread computes all.
pub(crate) const PLAIN: &str = "plain";
/// The function attribute with the extents of a workgroup, which a target gives to its API.
pub(crate) const WORKGROUP_SIZE: &str = "ropt.workgroup_size";
