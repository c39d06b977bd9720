//! Reading and editing IR in place, where melior's wrappers have no call.

mod approximate;
mod clone;
pub mod edit;
mod linalg;
mod elements;
mod memref;
mod text;
mod walk;

pub use approximate::approximate_math;
pub use clone::clone_mapped;
pub use linalg::{Loop, fuse_elementwise, linalg_accesses, linalg_loops};
pub use elements::{Elements, ElementsError, elements};
pub use memref::{MemRef, byte_width};
pub use text::{op_text, parse_operation};
pub use walk::{Walk, ops_in, symbol_name, walk};
