//! What `ropt-run run --record-workloads` writes and the benchmark generator reads: the dispatches of a run.

use serde::{Deserialize, Serialize};

/// Version of the file.
pub const VERSION: u32 = 1;

/// The dispatches of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// [`VERSION`].
    pub version: u32,
    /// The program's file.
    #[serde(default)]
    pub program: String,
    /// Each set of constants, sizes and grid once, sorted by executable and export.
    pub dispatches: Vec<RecordedDispatch>,
}

/// Dispatches that differ in nothing that is recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordedDispatch {
    /// Symbol name of the executable.
    pub executable: String,
    /// Symbol name of the export.
    pub export: String,
    /// Workgroups in x, y and z.
    pub workgroups: [u32; 3],
    /// Push constants, as 32-bit words.
    #[serde(default)]
    pub constants: Vec<u32>,
    /// Bytes of each binding.
    #[serde(default)]
    pub bindings: Vec<u64>,
    /// How many such dispatches there were.
    #[serde(default)]
    pub count: u64,
}
