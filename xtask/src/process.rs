//! Running other programs, and where things lie in the repository.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::error::{Error, Result};

/// The repository's root: the folder above this package.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The folder that `cargo build --release` writes to.
pub(crate) fn release() -> PathBuf {
    target().join("release")
}

/// The cargo that started us, so that `cargo +toolchain xtask …` keeps its toolchain.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or("cargo".into()))
}

/// A command that runs in the repository's root.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The command as a person would type it.
pub(crate) fn text_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| quoted(&shown(&word.to_string_lossy()))).collect::<Vec<_>>().join(" ")
}

/// Paths inside the repository are shown relative to it.
pub(crate) fn shown(text: &str) -> String {
    text.replace(&format!("{}/", root().display()), "")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

/// Runs a command with our own output; an error unless it ends with 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|source| start_error(command, source))?;
    if status.success() { Ok(()) } else { Err(Error::Failed { command: text_of(command), status }) }
}

/// Runs a command and returns what it wrote to stdout; stderr stays on ours.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|source| start_error(command, source))?;
    if !output.status.success() {
        return Err(Error::Failed { command: text_of(command), status: output.status });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a command can be started and ends with 0; prints nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// Runs a command, passing on each line of its stdout as it comes and showing it to `each_line` as well.
/// Returns whether it ended with 0.
pub(crate) fn stream(command: &mut Command, mut each_line: impl FnMut(&str)) -> Result<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|source| start_error(command, source))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n').map_while(std::result::Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            println!("{line}");
            each_line(&line);
        }
    }
    let status = child.wait().map_err(|source| start_error(command, source))?;
    Ok(status.success())
}

fn start_error(command: &Command, source: std::io::Error) -> Error {
    Error::Start { program: command.get_program().to_string_lossy().into_owned(), source }
}
