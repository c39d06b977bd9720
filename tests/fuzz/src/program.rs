//! A compiled program's file.

use ropt_runtime::program::Program;
use std::path::Path;

pub(crate) fn run(data: &[u8]) {
    if let Ok(program) = Program::from_bytes(Path::new("program.so"), data.to_vec()) {
        assert_eq!(program.functions().count(), program.manifest().functions.len());
    }
}
