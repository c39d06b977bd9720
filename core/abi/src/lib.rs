//! What crosses a dylib boundary: stable-ABI tables, the static manifest, versions

pub mod driver;
pub mod kernel;
pub mod program;
