//! Where the store is and how large it may get: flags before variables of the environment before the user's own folder.

use crate::size::{SizeError, parse_size};
use std::{ffi::OsString, path::PathBuf};
use thiserror::Error;

/// The limit when nobody says another one: 1 GiB.
pub const DEFAULT_SIZE: u64 = 1 << 30;

/// The folder.
const FOLDER: &str = "ROPT_CACHE_DIR";
/// The limit.
const SIZE: &str = "ROPT_CACHE_SIZE";

/// A limit that is no size, and what said it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{origin}: {reason}")]
pub struct SettingsError {
    /// `--cache-size` or the variable.
    pub origin: &'static str,
    /// What is wrong with its value.
    pub reason: SizeError,
}

/// Where the store is and how large it may get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The folder; None when there is to be no store: the variable `ROPT_CACHE_DIR` is empty, or there is no home.
    pub folder: Option<PathBuf>,
    /// The limit in bytes.
    pub size: u64,
}

impl Settings {
    /// From the values of `--cache-dir` and `--cache-size`, and what `variable` says of the environment.
    ///
    /// The folder is the flag's, or `$ROPT_CACHE_DIR`, or `$XDG_CACHE_HOME/ropt`, or `$HOME/.cache/ropt`.
    ///
    /// # Errors
    /// When the limit is no size.
    pub fn new(
        folder: Option<&str>,
        size: Option<&str>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, SettingsError> {
        let given = folder.map(OsString::from).or_else(|| variable(FOLDER));
        let folder = given.map(PathBuf::from).or_else(|| {
            // The XDG specification wants relative values ignored.
            let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
            let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
            Some(caches.join("ropt"))
        });
        let of_variable = || variable(SIZE).map(|text| (SIZE, text.to_string_lossy().into_owned()));
        let size = size.map(|text| ("--cache-size", text.to_owned())).or_else(of_variable);
        let size = match size {
            Some((origin, text)) => parse_size(&text).map_err(|reason| SettingsError { origin, reason })?,
            None => DEFAULT_SIZE,
        };
        Ok(Self { folder: folder.filter(|folder| !folder.as_os_str().is_empty()), size })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(folder: Option<&str>, size: Option<&str>, environment: &[(&str, &str)]) -> Settings {
        let variable =
            |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        Settings::new(folder, size, variable).expect("sizes")
    }

    #[test]
    fn the_nearest_word_counts() {
        let home = [("HOME", "/h"), ("XDG_CACHE_HOME", "/x"), ("ROPT_CACHE_DIR", "/r"), ("ROPT_CACHE_SIZE", "2KiB")];
        let folder = |folder, from: usize| settings(folder, None, &home[..from]).folder;
        assert_eq!(folder(Some("/f"), 4), Some("/f".into()));
        assert_eq!(folder(None, 4), Some("/r".into()));
        assert_eq!(folder(None, 2), Some("/x/ropt".into()));
        assert_eq!(folder(None, 1), Some("/h/.cache/ropt".into()));
        assert_eq!(folder(None, 0), None);
        assert_eq!(settings(None, Some("1KiB"), &home).size, 1024);
        assert_eq!(settings(None, None, &home).size, 2048);
        assert_eq!(settings(None, None, &[]).size, DEFAULT_SIZE);
    }

    #[test]
    fn an_empty_folder_is_none_and_a_relative_cache_home_is_ignored() {
        assert_eq!(settings(None, None, &[("HOME", "/h"), ("ROPT_CACHE_DIR", "")]).folder, None);
        let relative = [("HOME", "/h"), ("XDG_CACHE_HOME", "x")];
        assert_eq!(settings(None, None, &relative).folder, Some("/h/.cache/ropt".into()));
    }

    #[test]
    fn a_wrong_size_says_where_it_comes_from() {
        let variable = |name: &str| (name == "ROPT_CACHE_SIZE").then(|| OsString::from("lots"));
        let error = Settings::new(None, None, variable).expect_err("no size");
        assert_eq!(error.origin, "ROPT_CACHE_SIZE");
        assert_eq!(Settings::new(None, Some("1 GB"), |_| None).expect_err("no size").origin, "--cache-size");
    }
}
