//! The target's own passes.

mod lower_interface;
