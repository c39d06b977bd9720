//! The command line of `ropt plugins check`.

use ropt_host::discover::{Trust, Wanted};
use std::{path::PathBuf, time::Duration};

/// How the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people: failures first.
    Text,
    /// Every case with its verdict.
    Json,
    /// JUnit's XML.
    Junit,
}

/// `ropt plugins check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The plugins to check. A target and its driver are checked together
    #[arg(value_name = "SO", required = true)]
    pub(crate) plugins: Vec<PathBuf>,
    /// How the report is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// Write the report to a file
    #[arg(short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Only cases of this name; `*` stands for any text (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub(crate) filter: Vec<String>,
    /// Print the names of the cases and run none
    #[arg(long)]
    pub(crate) list: bool,
    /// Leave each case's files in a folder of its name, with the commands that were run
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// A module to run passes on, besides the built-in ones (repeatable)
    #[arg(long = "input", value_name = "FILE.mlir")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The device to run on [default: the driver's first]
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// How many cases run at once [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// What a command of a case may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) time_limit: u64,
    /// Another plugin that those to check need, for instance the driver of a target (repeatable)
    #[arg(long, value_name = "SO")]
    pub(crate) load_plugin: Vec<PathBuf>,
    /// Take plugins that somebody else can have written
    #[arg(long)]
    pub(crate) insecure_plugins: bool,
    /// Flags for every `ropt compile`
    #[arg(last = true, value_name = "FLAGS")]
    pub(crate) compile: Vec<String>,
}

impl Arguments {
    /// The plugins to find.
    pub(crate) fn wanted(&self) -> Wanted {
        let trust = if self.insecure_plugins { Trust::Anything } else { Trust::Checked };
        Wanted { named: self.plugins.iter().chain(&self.load_plugin).cloned().collect(), trust }
    }

    /// What a command of a case may take.
    pub(crate) fn limit(&self) -> Duration {
        Duration::from_secs(self.time_limit)
    }

    /// The command that runs the case `NAME` again and keeps its files.
    pub(crate) fn reproduce(&self) -> String {
        let mut words = vec!["ropt".to_owned(), "plugins".to_owned(), "check".to_owned()];
        let shown = |path: &PathBuf| quoted(&path.display().to_string());
        words.extend(self.plugins.iter().map(shown));
        words.extend(self.load_plugin.iter().map(|path| format!("--load-plugin={}", shown(path))));
        words.extend(self.inputs.iter().map(|path| format!("--input={}", shown(path))));
        words.extend(self.device.iter().map(|device| format!("--device={}", quoted(device))));
        if self.insecure_plugins {
            words.push("--insecure-plugins".to_owned());
        }
        words.push("--filter=NAME --keep=check".to_owned());
        if !self.compile.is_empty() {
            words.push("--".to_owned());
            words.extend(self.compile.iter().map(|flag| quoted(flag)));
        }
        words.join(" ")
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
