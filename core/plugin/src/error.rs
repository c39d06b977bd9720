//! How a pass says that it cannot go on.

use ropt_abi::{
    RawLocation,
    abi_stable::std_types::RString,
    pass::{Fault, FaultKind, Note},
};
use ropt_mlir::melior::ir::Location;

/// What a pass returns.
pub type PassResult<T = ()> = Result<T, PassError>;

/// A failure with its place, notes and remedy. Built in one expression:
/// `PassError::new("…").at(op.location()).note("…").help("…")`.
#[derive(Debug, Clone)]
pub struct PassError {
    kind: FaultKind,
    location: RawLocation,
    message: String,
    notes: Vec<(RawLocation, String)>,
}

const NOWHERE: RawLocation = RawLocation(std::ptr::null_mut());

impl PassError {
    /// The input does not do. `message` is one sentence without a full stop.
    pub fn new(message: impl Into<String>) -> Self {
        let message = message.into();
        if message.trim().is_empty() {
            // To the host no message means that all has been said; this one goes on after the pass's name.
            return Self { kind: FaultKind::Plugin, message: "failed and gives no reason".into(), ..Self::reported() };
        }
        Self { message, ..Self::reported() }
    }

    /// An option or flag does not do (exit code 2).
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: FaultKind::Usage, ..Self::new(message) }
    }

    /// The pass itself broke a promise (exit code 3).
    pub fn internal(message: impl Into<String>) -> Self {
        Self { kind: FaultKind::Plugin, ..Self::new(message) }
    }

    /// The reason was already reported through the context.
    #[must_use]
    pub fn reported() -> Self {
        Self { kind: FaultKind::Input, location: NOWHERE, message: String::new(), notes: Vec::new() }
    }

    /// Puts the error at a place; without it, it stands at the pass's op.
    #[must_use]
    pub fn at(mut self, location: Location<'_>) -> Self {
        self.location = RawLocation(location.to_raw().ptr.cast_mut());
        self
    }

    /// Adds a line.
    #[must_use]
    pub fn note(mut self, message: impl Into<String>) -> Self {
        self.notes.push((NOWHERE, message.into()));
        self
    }

    /// Adds a line with a place of its own.
    #[must_use]
    pub fn note_at(mut self, location: Location<'_>, message: impl Into<String>) -> Self {
        self.notes.push((RawLocation(location.to_raw().ptr.cast_mut()), message.into()));
        self
    }

    /// Adds what the user can do.
    #[must_use]
    pub fn help(self, message: impl AsRef<str>) -> Self {
        self.note(format!("help: {}", message.as_ref()))
    }

    /// The sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The same error as part of something larger: another sentence, and a line in front of the others.
    #[must_use]
    pub fn within(mut self, message: impl Into<String>, note: impl Into<String>) -> Self {
        self.message = message.into();
        self.notes.insert(0, (NOWHERE, note.into()));
        self
    }

    pub(crate) fn into_fault(self) -> Fault {
        let notes = self.notes.into_iter();
        Fault {
            kind: self.kind,
            location: self.location,
            message: self.message.into(),
            notes: notes.map(|(location, message)| Note { location, message: message.into() }).collect(),
        }
    }

    pub(crate) fn from_fault(fault: Fault) -> Self {
        Self {
            kind: fault.kind,
            location: fault.location,
            message: fault.message.into(),
            notes: fault.notes.into_iter().map(|n| (n.location, n.message.into())).collect(),
        }
    }
}

impl std::fmt::Display for PassError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.message)?;
        self.notes.iter().try_for_each(|(_, note)| write!(f, "\n  {note}"))
    }
}

impl<E: std::error::Error> From<E> for PassError {
    /// Any error enum becomes its text, with the sources behind it that the text does not end with already.
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            let words = inner.to_string();
            if !text.ends_with(&words) {
                text.push_str(": ");
                text.push_str(&words);
            }
            source = inner.source();
        }
        Self::new(text)
    }
}

/// The fault of a panic.
pub(crate) fn panicked(message: String) -> Fault {
    Fault {
        kind: FaultKind::Plugin,
        location: NOWHERE,
        message: RString::from(format!("panicked: {message}")),
        notes: Default::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::PassError;
    use std::io;

    #[derive(Debug, thiserror::Error)]
    enum Error {
        #[error("cannot read kernel.c: {source}")]
        Both { source: io::Error },
        #[error("cannot read kernel.c")]
        Apart { source: io::Error },
        #[error("the folder does not do")]
        Outer(#[source] Box<Error>),
    }

    fn reason() -> io::Error {
        io::Error::other("the disk is on fire")
    }

    #[test]
    fn only_what_was_reported_has_no_message() {
        assert_eq!(PassError::reported().message(), "");
        assert_eq!(PassError::new(" ").message(), "failed and gives no reason");
    }

    #[test]
    fn a_reason_is_said_once() {
        let words = "cannot read kernel.c: the disk is on fire";
        assert_eq!(PassError::from(Error::Both { source: reason() }).message(), words);
        assert_eq!(PassError::from(Error::Apart { source: reason() }).message(), words);
        let outer = Error::Outer(Box::new(Error::Both { source: reason() }));
        assert_eq!(PassError::from(outer).message(), format!("the folder does not do: {words}"));
    }
}
