//! Which plugins run apart, and under which limits: `ropt.toml` and the command line.

use crate::{error::HostError, near::did_you_mean, report::Report};
use ropt_isolation::rules::{self, Config, Mode, Rules};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The file that is read when none is named.
const FILE: &str = "ropt.toml";

/// What a command line and its configuration say about running passes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// For plugins without rules of their own.
    pub every: Rules,
    /// By the plugin's name.
    pub plugins: BTreeMap<String, Rules>,
    /// Whether passes are held to change nothing but their op.
    pub check_neighbours: bool,
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

/// The same, without a value.
pub const SWITCHES: [&str; 1] = ["check-neighbours"];

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
            settings.given.push(if value.is_empty() { format!("--{name}") } else { format!("--{name}={value}") });
            match name {
                "check-neighbours" => settings.check_neighbours = true,
                "isolate" => settings.isolate(&value)?,
                "pass-timeout" => {
                    let limit = seconds(&value).ok_or_else(|| {
                        usage(format!("--pass-timeout={value} is no time"), "seconds, for example --pass-timeout=2.5")
                    })?;
                    settings.pass_timeout = Some(limit);
                }
                "config" => {}
                _ => settings.reproducer = Some(value.into()),
            }
        }
        Ok(settings)
    }

    fn isolate(&mut self, value: &str) -> Result<(), HostError> {
        let (plugin, mode) = value.split_once('=').map_or((None, value), |(plugin, mode)| (Some(plugin), mode));
        let Some(mode) = Mode::named(mode) else {
            let message = format!("--isolate={value}: `{mode}` is no kind of isolation");
            return Err(usage(message, "none, fork or process"));
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

    /// Whether MLIR must have one thread: a pass may be forked off, or what is around it must stay as it is.
    #[must_use]
    pub fn one_thread(&self) -> bool {
        self.check_neighbours
            || std::iter::once(&self.every).chain(self.plugins.values()).any(|rules| rules.mode == Mode::Fork)
    }
}

/// Our flags of a command line with their values, in order.
fn given(args: &[String]) -> Result<Vec<(&'static str, String)>, HostError> {
    let mut found = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let Some(body) = arg.strip_prefix('-').map(|a| a.trim_start_matches('-')) else { continue };
        let (name, value) = body.split_once('=').map_or((body, None), |(n, v)| (n, Some(v.to_owned())));
        if let Some(name) = SWITCHES.iter().find(|flag| **flag == name) {
            found.push((*name, String::new()));
            continue;
        }
        let Some(name) = FLAGS.iter().find(|flag| **flag == name) else { continue };
        let value = value.or_else(|| args.next().cloned());
        found.push((*name, value.ok_or_else(|| usage(format!("--{name} wants a value"), &format!("--{name}=VALUE")))?));
    }
    Ok(found)
}

/// A limit of time in seconds; none for what is no number above 0.
#[must_use]
pub fn seconds(text: &str) -> Option<f64> {
    text.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds > 0.0)
}

fn read(path: &Path) -> Result<Settings, HostError> {
    let text = std::fs::read_to_string(path).map_err(|reason| HostError::Read { path: path.into(), reason })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let Config { every, plugins } = rules::read(&text, folder).map_err(|error| {
        let report = Report::error(error.message().to_owned());
        let span = error.span().unwrap_or(0..0);
        HostError::Usage(Box::new(report.at(&path.display().to_string(), &text, span, "here")))
    })?;
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
        assert!(settings.one_thread());
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
        std::fs::write(&path, "[isolate]\nwall-s = -1\n").expect("written");
        assert!(matches!(read(&path), Err(HostError::Usage(_))));
    }
}
