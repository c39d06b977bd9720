//! Writing the program: whole, or not at all.

use ropt_output::remedy::write_remedy;
use ropt_plugin::prelude::*;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};
use thiserror::Error;

/// The program's file could not be written.
#[derive(Debug, Error)]
#[error("cannot write the program to `{}`", path.display())]
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

/// Writes the program; `-` is stdout. Shared objects are executable by custom, and some loaders insist.
///
/// # Errors
/// With the path and the system's words.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    let done = if path.as_os_str() == "-" {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes).and_then(|()| stdout.flush())
    } else {
        ropt_output::write_executable(path, bytes)
    };
    done.map_err(|source| OutputError { path: path.to_owned(), source })
}
