//! `name=file` and `name@variant=file`.

use std::{fmt, str::FromStr};
use thiserror::Error;

/// One substitution as the user writes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spelling {
    /// The executable.
    pub executable: String,
    /// The variant, where the user picks one.
    pub variant: Option<String>,
    /// The file as written.
    pub file: String,
}

/// Why text is no substitution.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpellingError {
    /// No `=`.
    #[error("`{0}` does not say what to replace: write `name=file` or `name@variant=file`")]
    NoFile(String),
    /// Nothing before the `=`.
    #[error("`{0}` names no executable: write `name=file` or `name@variant=file`")]
    NoName(String),
    /// `name@=file`.
    #[error(
        "`{0}` names no variant after `@`: write `name@variant=file`, or `name=file` for the one that fits the file"
    )]
    NoVariant(String),
    /// `name=`.
    #[error("`{0}` names no file: write `name=file` or `name@variant=file`")]
    EmptyFile(String),
}

impl FromStr for Spelling {
    type Err = SpellingError;

    /// Reads it; a leading `@`, as in MLIR's symbols, may stand before the name.
    fn from_str(text: &str) -> Result<Self, SpellingError> {
        let (left, file) = text.split_once('=').ok_or_else(|| SpellingError::NoFile(text.to_owned()))?;
        let left = left.strip_prefix('@').unwrap_or(left);
        let (name, variant) = match left.split_once('@') {
            Some((name, variant)) => (name, Some(variant.to_owned())),
            None => (left, None),
        };
        if name.is_empty() {
            return Err(SpellingError::NoName(text.to_owned()));
        }
        if variant.as_deref() == Some("") {
            return Err(SpellingError::NoVariant(text.to_owned()));
        }
        if file.is_empty() {
            return Err(SpellingError::EmptyFile(text.to_owned()));
        }
        Ok(Self { executable: name.to_owned(), variant, file: file.to_owned() })
    }
}

impl fmt::Display for Spelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.variant {
            Some(variant) => write!(f, "{}@{variant}={}", self.executable, self.file),
            None => write!(f, "{}={}", self.executable, self.file),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_both_forms_and_names_each_mistake() {
        let read = |text: &str| text.parse::<Spelling>();
        let plain = Spelling { executable: "a".into(), variant: None, file: "b=c.mlir".into() };
        assert_eq!(read("a=b=c.mlir"), Ok(plain.clone()));
        assert_eq!(read("@a=b=c.mlir"), Ok(plain));
        assert_eq!(read("a@v=x.o").map(|s| s.variant), Ok(Some("v".into())));
        assert_eq!(read("a"), Err(SpellingError::NoFile("a".into())));
        assert_eq!(read("=x"), Err(SpellingError::NoName("=x".into())));
        assert_eq!(read("a@=x"), Err(SpellingError::NoVariant("a@=x".into())));
        assert_eq!(read("a="), Err(SpellingError::EmptyFile("a=".into())));
    }

    proptest! {
        #[test]
        fn printed_and_read_again(name in "[a-z_$.][a-z0-9_$.]{0,9}", variant in proptest::option::of("[a-z0-9_]{1,9}"),
                                  file in ".{1,20}") {
            let spelling = Spelling { executable: name, variant, file };
            prop_assert_eq!(spelling.to_string().parse::<Spelling>(), Ok(spelling));
        }

        #[test]
        fn any_text_is_a_value_or_an_error(text in ".{0,40}") {
            let _ = text.parse::<Spelling>();
        }
    }
}
