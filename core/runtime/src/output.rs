//! Writing files whole or not at all.

use std::{io, path::Path};

/// Writes a file that appears whole or not at all. A device or pipe is written to directly.
///
/// # Errors
/// When the file cannot be written; then `path` is as it was before.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    ropt_output::write(path, bytes)
}
