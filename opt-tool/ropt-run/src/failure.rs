//! How the tool fails: one message with what was expected, and an exit code.

use std::{path::PathBuf, process::ExitCode};

use ropt_runtime::{
    drivers::DriversError,
    input::InputError,
    program::{ProgramError, ProgramProblem},
    session::SessionError,
    types::ValueType,
    watchdog::Stuck,
};

/// The input or the program is wrong.
pub(crate) const INPUT: u8 = 1;
/// The command line is wrong.
const USAGE: u8 = 2;
/// A plugin failed.
const PLUGIN: u8 = 3;

/// A message, its notes, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    message: String,
    notes: Vec<(&'static str, String)>,
}

impl Failure {
    /// Something is wrong with a file or a program.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self { code: INPUT, message: message.into(), notes: Vec::new() }
    }

    /// Something is wrong with the command line.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: USAGE, message: message.into(), notes: Vec::new() }
    }

    fn plugin(message: impl Into<String>) -> Self {
        Self { code: PLUGIN, message: message.into(), notes: Vec::new() }
    }

    /// Adds a line: `expected`, `found`, `help`, `note`.
    pub(crate) fn with(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.notes.push((label, text.into()));
        self
    }

    /// Prints the message; gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let mut text = format!("error: {}\n", self.message);
        for (label, note) in self.notes {
            text.push_str(&format!("  = {label}: {note}\n"));
        }
        eprint!("{text}");
        ExitCode::from(self.code)
    }
}

impl From<ProgramError> for Failure {
    fn from(error: ProgramError) -> Self {
        let failure = Self::input(error.to_string());
        match error.problem {
            ProgramProblem::Io(_) => failure,
            _ => failure.with("help", "a program is what `ropt compile FILE --target=… -o PROGRAM` writes"),
        }
    }
}

impl From<DriversError> for Failure {
    fn from(error: DriversError) -> Self {
        let message = error.to_string();
        match error {
            DriversError::NoDevice { name, known, refused, searched } => {
                let help = match nearest(&name, &known) {
                    Some(near) => format!("did you mean '{near}'? `ropt-run devices` lists all devices"),
                    None => "`ropt-run devices` lists all devices".to_owned(),
                };
                let known = if known.is_empty() { "no drivers".to_owned() } else { known.join(", ") };
                Self::usage(message)
                    .with("note", format!("there are: {known}"))
                    .searched(searched, refused)
                    .with("help", help)
            }
            DriversError::NoDriver { refused, searched, .. } => Self::input(message)
                .searched(searched, refused)
                .with("help", "give a driver with --load-plugin=FILE or ROPT_PLUGIN_PATH"),
            DriversError::Open { by_options: true, .. } => Self::usage(message),
            DriversError::Open { .. } | DriversError::NoneThere { .. } | DriversError::NoFile { .. } => {
                Self::input(message)
            }
            DriversError::Untrusted { path, reason } => match reason.remedy(&path) {
                Some(remedy) => Self::plugin(message).with("help", remedy),
                None => Self::plugin(message),
            },
            DriversError::Clash { .. } => Self::plugin(message).with("help", "remove one of them"),
            DriversError::Plugin { .. } | DriversError::Lost { .. } => Self::plugin(message),
        }
    }
}

impl Failure {
    fn searched(self, searched: Vec<PathBuf>, refused: Vec<(PathBuf, String)>) -> Self {
        let places: Vec<_> = searched.iter().map(|path| format!("'{}'", path.display())).collect();
        let failure = self.with("note", format!("searched {}", places.join(", ")));
        refused
            .into_iter()
            .fold(failure, |failure, (path, why)| failure.with("note", format!("left out '{}': {why}", path.display())))
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        let message = error.to_string();
        match error {
            SessionError::NoVariant { has, loads, .. } => Self::input(message)
                .with("expected", loads.join(", "))
                .with("found", has.join(", "))
                .with("help", "compile the program for this device, or choose another with --device="),
            SessionError::NoFunction { name, known } => {
                let help = nearest(&name, &known).map(|near| format!("did you mean '{near}'?"));
                let failure = Self::input(message).with("note", format!("it has: {}", list(&known)));
                match help {
                    Some(help) => failure.with("help", help),
                    None => failure,
                }
            }
            SessionError::Count { types, .. } => {
                let types: Vec<_> = types.iter().map(ToString::to_string).collect();
                Self::input(message)
                    .with("expected", format!("({})", types.join(", ")))
                    .with("help", "give one --input=… for each argument")
            }
            SessionError::Type { expected, found, .. } => {
                Self::input(message).with("expected", expected.to_string()).with("found", found.to_string())
            }
            _ => Self::input(message),
        }
    }
}

/// The failure of a device or a program that did not get on.
pub(crate) fn of_stuck(stuck: Stuck, seconds: f64) -> Failure {
    let failure = Failure::input(format!("{} did not end within {seconds} s", stuck.what));
    match stuck.kernel {
        Some(kernel) => failure
            .with("note", format!("the last kernel that it started is {kernel}"))
            .with("note", "asked for by --timeout")
            .with("help", "see whether the kernel's loops end for these inputs, or allow more time"),
        None => failure
            .with("note", "it started no kernel")
            .with("note", "asked for by --timeout")
            .with("help", "allow more time; `ropt-run devices` shows whether the device answers"),
    }
}

/// A failure of the text that a flag brought; `place` names the flag's argument or result.
pub(crate) fn of_value(error: &InputError, flag: &str, place: &str) -> Failure {
    let failure = Failure::input(format!("{place}: {error}"));
    match error {
        InputError::Type { expected, found, .. } => failure
            .with("expected", expected.to_string())
            .with("found", found.to_string())
            .with("help", format!("for example {flag}={}", example(expected))),
        InputError::Untyped { expected, .. } => {
            failure.with("help", format!("for example {flag}={}", example(expected)))
        }
        InputError::Literal { .. } => failure
            .with("help", format!("write {flag}=4x8xf32=1, {flag}=2x2xf32=[1 2][3 4], {flag}=5, or {flag}=@file.npy")),
        _ => failure,
    }
}

/// A text that gives a value of the type.
fn example(expected: &ValueType) -> String {
    match expected {
        ValueType::Scalar(element) => format!("{element}=1"),
        ValueType::Tensor { shape, element } => {
            let extents: String = shape.iter().map(|extent| format!("{}x", extent.unwrap_or(4))).collect();
            format!("{extents}{element}=1")
        }
    }
}

/// Names in quotes.
pub(crate) fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { format!("'{}'", names.join("', '")) }
}

/// The name that was probably meant.
fn nearest<'n>(name: &str, known: &'n [String]) -> Option<&'n String> {
    let close =
        |known: &&String| strsim::damerau_levenshtein(name, known) <= 1 + name.len() / 4 || known.starts_with(name);
    known.iter().filter(close).min_by_key(|known| strsim::damerau_levenshtein(name, known))
}
