//! Where dumps go: a folder or stdout. A file appears whole or not at all.

use ropt_output::remedy::write_remedy;
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Where files are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// One after another to stdout, without names.
    Stdout,
    /// Into a folder, which is made when it is missing.
    Folder(PathBuf),
}

/// Why something could not be written.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The folder cannot be made.
    #[error("cannot make folder `{path}`")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The path is there and no folder.
    #[error("`{path}` is a file, a folder is wanted")]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The file cannot be written.
    #[error("cannot write `{path}`")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Stdout is closed or full.
    #[error("cannot write to stdout")]
    Stdout(#[source] io::Error),
}

impl OutputError {
    /// What the user can do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        let remedy = match self {
            Self::Folder { path, source } | Self::File { path, source } => write_remedy(path, source),
            Self::NotAFolder { .. } | Self::Stdout(_) => None,
        };
        remedy.unwrap_or_else(|| "give a folder that can be written and has room, or - for stdout".to_owned())
    }
}

impl Output {
    /// `-` is stdout, everything else a folder.
    #[must_use]
    pub fn new(path: &str) -> Self {
        if path == "-" { Self::Stdout } else { Self::Folder(path.into()) }
    }

    /// Makes the folder.
    ///
    /// # Errors
    /// When that fails.
    pub fn prepare(&self) -> Result<(), OutputError> {
        let Self::Folder(path) = self else { return Ok(()) };
        if path.is_dir() {
            return Ok(());
        }
        if path.exists() {
            return Err(OutputError::NotAFolder { path: path.clone() });
        }
        fs::create_dir_all(path).map_err(|source| OutputError::Folder { path: path.clone(), source })
    }

    /// Writes a file of that name; on stdout only its content.
    ///
    /// # Errors
    /// When that fails; an older file of that name is then untouched.
    pub fn write(&self, name: &str, data: &[u8]) -> Result<(), OutputError> {
        match self {
            Self::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(data).and_then(|()| out.flush()).map_err(OutputError::Stdout)
            }
            Self::Folder(folder) => {
                self.prepare()?;
                write_file(&folder.join(name), data)
            }
        }
    }
}

/// Writes a file whole.
///
/// # Errors
/// When that fails; an older file is then untouched.
pub fn write_file(path: &Path, data: &[u8]) -> Result<(), OutputError> {
    ropt_output::write(path, data).map_err(|source| OutputError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_appear_whole_in_a_new_folder() {
        let base = tempfile::tempdir().expect("a folder");
        let output = Output::Folder(base.path().join("a/b"));
        output.write("x.mlir", b"one").expect("written");
        output.write("x.mlir", b"two").expect("written over");
        let names: Vec<_> = fs::read_dir(base.path().join("a/b")).expect("a folder").collect();
        assert_eq!(names.len(), 1, "no temporary file is left");
        assert_eq!(fs::read(base.path().join("a/b/x.mlir")).expect("a file"), b"two");
        let file = Output::Folder(base.path().join("a/b/x.mlir"));
        assert!(matches!(file.write("y", b""), Err(OutputError::NotAFolder { .. })));
    }
}
