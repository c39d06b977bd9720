//! What can stop a chore.

use std::path::PathBuf;

/// A chore that did not finish. The text is what the user reads, so it says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot start `{program}`: {source}")]
    Start { program: String, source: std::io::Error },
    #[error("`{command}` ended with {status}")]
    Failed { command: String, status: std::process::ExitStatus },
    #[error("cannot {action} {}: {source}", path.display())]
    File { action: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{}", missing_text(.names, .help))]
    Missing { names: Vec<String>, help: String },
    #[error("`{command}` printed something else than expected: {what}")]
    Output { command: String, what: String },
    #[error("{0}")]
    Wrong(String),
    #[error("a test or a step failed")]
    Tests,
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// For `map_err` after a file operation: `fs::write(p, …).map_err(Error::file("write", p))`.
    pub(crate) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::File { action, path, source }
    }
}

fn missing_text(names: &[String], help: &str) -> String {
    let mut text = String::from("this machine lacks what a build needs:\n");
    for name in names {
        text.push_str("  - ");
        text.push_str(name);
        text.push('\n');
    }
    text.push_str("  help: ");
    text.push_str(help);
    text
}
