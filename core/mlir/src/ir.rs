//! Reading and editing IR in place, where melior's wrappers have no call.

mod approximate;
mod clone;
pub mod edit;
mod text;
mod walk;

pub use approximate::approximate_math;
pub use clone::clone_mapped;
pub use text::{op_text, parse_operation};
pub use walk::{Walk, ops_in, symbol_name, walk};
