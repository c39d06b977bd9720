//! Writing the program: whole, or not at all.

use ropt_abi::files::write_remedy;
use ropt_plugin::prelude::*;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// The program's file could not be written.
#[derive(Debug, Error)]
#[error("cannot write the program to {}", path.display())]
pub(crate) struct OutputError {
    path: PathBuf,
    source: io::Error,
}

impl OutputError {
    /// The error for the user, with what to do.
    pub(crate) fn told(self) -> PassError {
        let remedy = write_remedy(&self.path, &self.source);
        let error = PassError::from(self);
        remedy.into_iter().fold(error, PassError::help)
    }
}

/// Writes beside `path` and renames, so that nobody sees half a program.
///
/// # Errors
/// With the path and the system's words.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let failed = |source| OutputError { path: path.to_owned(), source };
    let Some(name) = path.file_name() else {
        return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file")));
    };
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}", std::process::id()));
    let temporary = path.with_file_name(temporary);
    let written =
        fs::write(&temporary, bytes).and_then(|()| executable(&temporary)).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        // The first error is the one to tell; the file may not even exist.
        let _ = fs::remove_file(&temporary);
        failed(error)
    })
}

/// Shared objects are executable by custom, and some loaders insist.
#[cfg(unix)]
fn executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() | (permissions.mode() & 0o444) >> 2);
    fs::set_permissions(path, permissions)
}

#[cfg(not(unix))]
fn executable(_: &Path) -> io::Result<()> {
    Ok(())
}
