//! The target's own passes.

mod lower_interface;
mod settle_matrices;
mod widen_indices;
