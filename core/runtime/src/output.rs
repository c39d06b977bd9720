//! Writing files whole or not at all.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Writes a temporary file beside `path` and renames it. A device or pipe is written to directly.
///
/// # Errors
/// When the file cannot be written; then `path` is as it was before.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, bytes);
    }
    // Links stay links: the file they name is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let temporary = temporary(&path)?;
    let result = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
    if result.is_err() {
        // The first error is the one to report.
        let _removed = fs::remove_file(&temporary);
    }
    result
}

fn temporary(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("it is not the name of a file"))?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}", std::process::id()));
    Ok(path.with_file_name(temporary))
}
