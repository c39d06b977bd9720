//! Passes that GPU targets share: which part of a kernel a thread computes, and where it finds its data.
//!
//! They know no API: bindings stay `hal.interface.binding.subspan` ops, threads are `gpu.thread_id`.

mod apply_schedule;
mod body;
mod combine;
mod distribute_threads;
mod emit;
mod expand_bf16;
mod expand_double_math;
mod expand_single_math;
mod flatten_bindings;
mod math;
mod product;
mod select;
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
/// The function attribute with the tile sizes.
pub(crate) const TILES: &str = "ropt.tiles";
/// The schedule of matrix products: tiles in shared memory and in registers.
pub(crate) const MATMUL: &str = "matmul";
/// The schedule of products of f16 and bf16 on NVIDIA's matrix units.
pub(crate) const TENSOR_CORES: &str = "tensor-cores";
/// The schedule of products of f16 and bf16 on matrix units, as any API with cooperative matrices has them.
pub(crate) const COOPERATIVE: &str = "cooperative-matrices";
/// The schedule of reductions along rows: a workgroup has a row.
pub(crate) const ROWS: &str = "rows";
/// The schedule in which each thread computes neighbouring elements.
pub(crate) const VECTORS: &str = "vectors";
/// All of them.
pub(crate) const SCHEDULES: [&str; 7] = [COOPERATIVE, ELEMENTS, MATMUL, PLAIN, ROWS, TENSOR_CORES, VECTORS];
/// The function attribute with the element type of the cooperative matrices that are multiplied, whose own type says f16.
pub(crate) const MATRIX_ELEMENT: &str = "ropt.matrix_element";
/// The attribute of an scf.forall whose iterations are workgroups.
pub(crate) const GROUPS: &str = "ropt.groups";
