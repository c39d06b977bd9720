//! The target's own passes.

mod lower_interface;
mod lower_math_calls;
