//! Outputs appear whole or not at all.

use crate::{error::HostError, report::Report};
use std::{
    io::{self, ErrorKind, Write},
    path::Path,
};

/// Writes a file; `-` is stdout.
///
/// # Errors
/// When the system refuses; an older file stays as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), HostError> {
    let failed = |reason| HostError::Write { path: path.to_path_buf(), reason };
    if path.as_os_str() == "-" {
        return to_stdout(bytes).map_err(stdout_failed);
    }
    ropt_output::write(path, bytes).map_err(failed)
}

/// Prints what was asked for. A reader that went away ends the tool quietly, as `head` expects.
///
/// # Errors
/// When stdout is full.
pub fn print(text: &str) -> Result<(), HostError> {
    match to_stdout(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        done => done.map_err(stdout_failed),
    }
}

fn to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

fn stdout_failed(reason: io::Error) -> HostError {
    HostError::Input(Box::new(Report::error(format!("cannot write to stdout: {reason}"))))
}
