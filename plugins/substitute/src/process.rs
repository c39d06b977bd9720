//! Running a compiler under a time limit.

use crate::error::SubstituteError;
use ropt_plugin::process;
use std::{
    ffi::OsStr,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// The compilers that the environment variable names, or else these.
pub(crate) fn named(variable: &str, otherwise: &[&str]) -> Vec<PathBuf> {
    match std::env::var_os(variable).filter(|name| !name.is_empty()) {
        Some(named) => vec![named.into()],
        None => otherwise.iter().map(PathBuf::from).collect(),
    }
}

/// Calls a compiler; what it says goes into the file `said`. None: there is no such program. A `limit` of zero is none.
///
/// # Errors
/// When it cannot be started, or does not end in time.
pub(crate) fn run(
    compiler: &Path,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    said: &Path,
    limit: Duration,
) -> Result<Option<ExitStatus>, SubstituteError> {
    let failed = |error| SubstituteError::Compile(format!("`{}`: {error}", compiler.display()));
    let words = fs::File::create(said).map_err(failed)?;
    let also = words.try_clone().map_err(failed)?;
    let mut command = Command::new(compiler);
    command.args(arguments).stdin(Stdio::null()).stdout(also).stderr(words);
    let mut child = match process::start(&mut command) {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(SubstituteError::Start { compiler: compiler.to_owned(), source }),
    };
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            return Ok(Some(status));
        }
        if !limit.is_zero() && start.elapsed() >= limit {
            process::kill(&child);
            let _ = child.wait();
            return Err(SubstituteError::Slow { compiler: compiler.to_owned(), seconds: limit.as_secs() });
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
