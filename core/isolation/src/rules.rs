//! The rules under which isolated passes run, and the table `[isolate]` of `ropt.toml` that sets them.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

/// Where a plugin's passes run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// In this process.
    #[default]
    None,
    /// In a child of this process, made for each run.
    Fork,
    /// In a sandboxed process that lives on.
    Process,
}

impl Mode {
    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::None, Self::Fork, Self::Process].into_iter().find(|mode| mode.to_string() == name)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Fork => "fork",
            Self::Process => "process",
        })
    }
}

/// What an isolated pass may use. The defaults are far above what a pass takes and far below what hurts a machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Limits {
    /// MiB of address space beyond what the process has at its start.
    pub memory_mb: u64,
    /// Seconds of processor time for a run.
    pub cpu_s: u64,
    /// Seconds until a run is ended.
    pub wall_s: f64,
    /// KiB that a run may print.
    pub output_kb: u64,
    /// MiB of a file that it writes.
    pub file_mb: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_mb: 8192, cpu_s: 3600, wall_s: 3600.0, output_kb: 4096, file_mb: 4096 }
    }
}

/// What holds for a plugin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Where it runs.
    pub mode: Mode,
    /// What it may use there.
    pub limits: Limits,
    /// Files and folders that a worker may read besides the system's and the plugins' own.
    pub read: Vec<PathBuf>,
    /// Files and folders that a worker may write.
    pub write: Vec<PathBuf>,
    /// Whether it may start processes.
    pub processes: bool,
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// For plugins without rules of their own.
    pub every: Rules,
    /// By the plugin's name.
    pub plugins: BTreeMap<String, Rules>,
}

/// Reads a file's text. Relative paths in it are those of `folder`.
///
/// # Errors
/// It is no TOML, or says what there is not, with the place in the text.
pub fn read(text: &str, folder: &Path) -> Result<Config, toml::de::Error> {
    let mut file: File = toml::from_str(text)?;
    let plugins = std::mem::take(&mut file.isolate.plugins);
    let every = file.isolate.rules(&Rules::default(), folder);
    let plugins = plugins.into_iter().map(|(name, table)| (name, table.rules(&every, folder))).collect();
    Ok(Config { every, plugins })
}

/// The largest amount of anything: its bytes fit into a number.
const MOST: u64 = 1 << 40;

fn amount<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let amount = u64::deserialize(from)?;
    if amount <= MOST { Ok(Some(amount)) } else { Err(D::Error::custom(format!("more than {MOST} is no limit"))) }
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let seconds = f64::deserialize(from)?;
    if seconds.is_finite() && seconds > 0.0 {
        Ok(Some(seconds))
    } else {
        Err(D::Error::custom(format!("{seconds} is no time: write seconds, for example 2.5")))
    }
}

/// A table of rules in the file; what is not said is taken from the rules for every plugin.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields, expecting = "a table such as [isolate]")]
struct Table {
    mode: Option<Mode>,
    #[serde(deserialize_with = "amount")]
    memory_mb: Option<u64>,
    #[serde(deserialize_with = "amount")]
    cpu_s: Option<u64>,
    #[serde(deserialize_with = "time")]
    wall_s: Option<f64>,
    #[serde(deserialize_with = "amount")]
    output_kb: Option<u64>,
    #[serde(deserialize_with = "amount")]
    file_mb: Option<u64>,
    read: Option<Vec<PathBuf>>,
    write: Option<Vec<PathBuf>>,
    processes: Option<bool>,
    plugins: BTreeMap<String, Table>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct File {
    isolate: Table,
}

impl Table {
    /// `base` with what the table says; relative paths are the file's folder's.
    fn rules(self, base: &Rules, folder: &Path) -> Rules {
        let paths = |given: Option<Vec<PathBuf>>, base: &[PathBuf]| {
            given.map_or(base.to_vec(), |paths| paths.iter().map(|path| folder.join(path)).collect())
        };
        let limits = &base.limits;
        Rules {
            mode: self.mode.unwrap_or(base.mode),
            limits: Limits {
                memory_mb: self.memory_mb.unwrap_or(limits.memory_mb),
                cpu_s: self.cpu_s.unwrap_or(limits.cpu_s),
                wall_s: self.wall_s.unwrap_or(limits.wall_s),
                output_kb: self.output_kb.unwrap_or(limits.output_kb),
                file_mb: self.file_mb.unwrap_or(limits.file_mb),
            },
            read: paths(self.read, &base.read),
            write: paths(self.write, &base.write),
            processes: self.processes.unwrap_or(base.processes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_times_that_are_none_are_told_with_their_place() {
        for value in [
            "wall-s = -1",
            "wall-s = nan",
            "wall-s = inf",
            "wall-s = 0",
            "memory-mb = -1",
            "cpu-s = 9223372036854775807",
        ] {
            let error = read(&format!("[isolate]\n{value}\n"), Path::new("")).expect_err(value);
            assert!(error.span().is_some_and(|span| span.start >= 10), "{value}: {error}");
        }
    }

    #[test]
    fn the_book_has_every_key_with_what_holds_without_it() {
        let book = include_str!("../../../docs/failing.md");
        let lines: Vec<_> = book.lines().filter_map(|line| line.strip_prefix("    ")).collect();
        let listing = lines.join("\n");
        assert_eq!(read(&listing, Path::new("")).expect("a ropt.toml").every, Rules::default());
        let listed: toml::Table = toml::from_str(&listing).expect("TOML");
        let mut keys = toml::Table::try_from(Rules::default()).expect("a table");
        if let Some(toml::Value::Table(limits)) = keys.remove("limits") {
            keys.extend(limits);
        }
        let there = listed["isolate"].as_table().map(|table| table.keys().collect::<Vec<_>>());
        assert_eq!(there, Some(keys.keys().collect()));
    }
}
