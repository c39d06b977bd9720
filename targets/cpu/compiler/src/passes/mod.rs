//! The target's passes, one a file.

mod apply_schedule;
mod approximate_math;
mod decompose_ops;
mod distribute_workgroups;
mod fold_windows;
mod lower_copies;
mod lower_interface;
mod lower_vectors;
mod materialize_interface;
mod pack_operands;
mod place_allocations;
mod select_schedule;
mod unmask_contractions;
mod widen_contractions;
