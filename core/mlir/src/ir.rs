//! Reading and editing IR in place, where melior's wrappers have no call.

mod approximate;
pub mod attributes;
mod clone;
mod diagnostics;
pub mod edit;
mod elements;
mod emitc;
mod file;
mod linalg;
mod memref;
pub mod nesting;
mod objects;
mod spirv;
mod stop;
mod text;
mod traits;
mod transform;
mod walk;

pub use approximate::approximate_math;
pub use clone::clone_mapped;
pub use diagnostics::{Said, heard, quietly};
pub use elements::{Elements, ElementsError, elements};
pub use emitc::translate_to_c;
pub use file::{ReadError, bytes_text, read_file, string_text};
pub use linalg::{Loop, fill, fuse_elementwise, linalg_accesses, linalg_loops};
pub use memref::{MemRef, byte_width};
pub use objects::{array, device_executable_targets, object_parts, objects_for, with_data};
pub use spirv::serialize_spirv;
pub use stop::{Stop, stop_asked};
pub use text::{key_text, op_text, parse_operation, structure_hash};
pub use traits::op_is;
pub use transform::{ScheduleError, apply as apply_schedule};
pub use walk::{Walk, ops_in, symbol_name, walk};
