//! Which plugins run apart, and under which limits: `ropt.toml` and the command line.

use crate::{error::HostError, near::did_you_mean, report::Report};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

/// The file that is read when none is named.
const FILE: &str = "ropt.toml";

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

/// What a command line and its configuration say about running passes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// For plugins without rules of their own.
    pub every: Rules,
    /// By the plugin's name.
    pub plugins: BTreeMap<String, Rules>,
    /// Seconds that a pass may take.
    pub pass_timeout: Option<f64>,
    /// Where a reproducer goes; empty: none is written. Not given: to the folder for temporary files, for a crash.
    pub reproducer: Option<PathBuf>,
    /// The plugins that flags name.
    pub named: Vec<String>,
    /// The flags as given, for a run elsewhere.
    pub given: Vec<String>,
}

/// Our flags for running passes, each with a value.
pub const FLAGS: [&str; 5] =
    ["isolate", "config", "pass-timeout", "crash-reproducer", "mlir-pass-pipeline-crash-reproducer"];

/// A table of rules in the file; what is not said is taken from the rules for every plugin.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
struct Table {
    mode: Option<Mode>,
    memory_mb: Option<u64>,
    cpu_s: Option<u64>,
    wall_s: Option<f64>,
    output_kb: Option<u64>,
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

impl Settings {
    /// Reads the command line's flags and the file that they name, or `ropt.toml` of the working folder.
    ///
    /// # Errors
    /// A value that does not do, or a file that cannot be read.
    pub fn new(args: &[String]) -> Result<Self, HostError> {
        let given = given(args)?;
        let config = given.iter().rev().find(|(name, _)| *name == "config").map(|(_, value)| PathBuf::from(value));
        let mut settings = match &config {
            Some(path) => read(path)?,
            None if Path::new(FILE).is_file() => read(Path::new(FILE))?,
            None => Self::default(),
        };
        for (name, value) in given {
            settings.given.push(format!("--{name}={value}"));
            match name {
                "isolate" => settings.isolate(&value)?,
                "pass-timeout" => settings.pass_timeout = Some(seconds(&value)?),
                "config" => {}
                _ => settings.reproducer = Some(value.into()),
            }
        }
        Ok(settings)
    }

    fn isolate(&mut self, value: &str) -> Result<(), HostError> {
        let (plugin, mode) = value.split_once('=').map_or((None, value), |(plugin, mode)| (Some(plugin), mode));
        let mode = match mode {
            "none" => Mode::None,
            "fork" => Mode::Fork,
            "process" => Mode::Process,
            _ => {
                return Err(usage(
                    format!("--isolate={value}: `{mode}` is no kind of isolation"),
                    "none, fork or process",
                ));
            }
        };
        match plugin {
            Some(plugin) => {
                let base = self.every.clone();
                self.named.push(plugin.to_owned());
                self.plugins.entry(plugin.to_owned()).or_insert(base).mode = mode;
            }
            None => {
                self.every.mode = mode;
                self.plugins.values_mut().for_each(|rules| rules.mode = mode);
            }
        }
        Ok(())
    }

    /// What holds for a plugin.
    #[must_use]
    pub fn rules(&self, plugin: &str) -> &Rules {
        self.plugins.get(plugin).unwrap_or(&self.every)
    }

    /// Holds the plugins that flags name against those that there are.
    ///
    /// # Errors
    /// A name that no plugin has: its passes would run unisolated.
    pub(crate) fn check<'a>(&self, plugins: impl Iterator<Item = &'a str> + Clone) -> Result<(), HostError> {
        let missing = self.named.iter().find(|name| !plugins.clone().any(|plugin| plugin == *name));
        missing.map_or(Ok(()), |name| {
            let near = did_you_mean(name, plugins).or_else(|| Some("`ropt plugins list` lists them".to_owned()));
            Err(HostError::Usage(Box::new(Report::error(format!("--isolate={name}=…: no plugin `{name}`")).help(near))))
        })
    }

    /// Whether a pass may be forked off, so that MLIR must have one thread.
    #[must_use]
    pub fn forks(&self) -> bool {
        std::iter::once(&self.every).chain(self.plugins.values()).any(|rules| rules.mode == Mode::Fork)
    }
}

/// Our flags of a command line with their values, in order.
fn given(args: &[String]) -> Result<Vec<(&'static str, String)>, HostError> {
    let mut found = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let Some(body) = arg.strip_prefix('-').map(|a| a.trim_start_matches('-')) else { continue };
        let (name, value) = body.split_once('=').map_or((body, None), |(n, v)| (n, Some(v.to_owned())));
        let Some(name) = FLAGS.iter().find(|flag| **flag == name) else { continue };
        let value = value.or_else(|| args.next().cloned());
        found.push((*name, value.ok_or_else(|| usage(format!("--{name} wants a value"), &format!("--{name}=VALUE")))?));
    }
    Ok(found)
}

fn seconds(value: &str) -> Result<f64, HostError> {
    let seconds = value.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds > 0.0);
    seconds
        .ok_or_else(|| usage(format!("--pass-timeout={value} is no time"), "seconds, for example --pass-timeout=2.5"))
}

fn read(path: &Path) -> Result<Settings, HostError> {
    let text = std::fs::read_to_string(path).map_err(|reason| HostError::Read { path: path.into(), reason })?;
    let mut file: File = toml::from_str(&text).map_err(|error| {
        let report = Report::error(error.message().to_owned());
        let span = error.span().unwrap_or(0..0);
        HostError::Usage(Box::new(report.at(&path.display().to_string(), &text, span, "here")))
    })?;
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let plugins = std::mem::take(&mut file.isolate.plugins);
    let every = file.isolate.rules(&Rules::default(), &folder);
    let plugins = plugins.into_iter().map(|(name, table)| (name, table.rules(&every, &folder))).collect();
    Ok(Settings { every, plugins, ..Settings::default() })
}

fn usage(message: String, expected: &str) -> HostError {
    HostError::Usage(Box::new(Report::error(message).help(Some(format!("write {expected}")))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(args: &[&str]) -> Settings {
        Settings::new(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>()).expect("well-formed")
    }

    #[test]
    fn a_flag_for_one_plugin_goes_before_that_for_all() {
        let settings = settings(&["in.mlir", "--isolate=fork", "--isolate=acme=process", "--pass-timeout", "2.5"]);
        assert_eq!(settings.rules("acme").mode, Mode::Process);
        assert_eq!(settings.rules("other").mode, Mode::Fork);
        assert_eq!(settings.pass_timeout, Some(2.5));
        assert!(settings.forks());
    }

    #[test]
    fn a_table_of_a_plugin_adds_to_the_one_for_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("some.toml");
        let text =
            "[isolate]\nmode = \"fork\"\nwall-s = 2\n[isolate.plugins.acme]\nmode = \"process\"\nread = [\"data\"]\n";
        std::fs::write(&path, text).expect("written");
        let settings = settings(&[&format!("--config={}", path.display())]);
        let acme = settings.rules("acme");
        assert_eq!((acme.mode, acme.limits.wall_s), (Mode::Process, 2.0));
        assert_eq!(acme.read, [folder.path().join("data")]);
        std::fs::write(&path, "[isolate]\nmod = \"fork\"\n").expect("written");
        assert!(matches!(read(&path), Err(HostError::Usage(_))));
    }
}
