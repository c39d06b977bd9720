//! Two things whose dumps would have one name.

use std::collections::BTreeMap;
use thiserror::Error;

/// The files that a dump has written, and whose they are.
#[derive(Debug, Default)]
pub struct Written(BTreeMap<String, String>);

/// A second file of one name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{first} and {second} would both be written to `{file}`")]
pub struct SameFile {
    /// The file.
    pub file: String,
    /// Whose it is.
    pub first: String,
    /// Who wants it too.
    pub second: String,
}

impl SameFile {
    /// What the user can do.
    pub const HELP: &str = "rename one of them: in a file's name only letters, digits, `_`, `.`, `-` and `$` are kept";
}

impl Written {
    /// Takes the name for `whose`, which describes it in a message and may take it again.
    ///
    /// # Errors
    /// When somebody else has it.
    pub fn claim(&mut self, file: &str, whose: String) -> Result<(), SameFile> {
        match self.0.insert(file.to_owned(), whose.clone()) {
            Some(first) if first != whose => Err(SameFile { file: file.to_owned(), first, second: whose }),
            _ => Ok(()),
        }
    }
}
