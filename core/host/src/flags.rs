//! MLIR's own flags: which there are, and how a command line is taken apart before MLIR sees it.

use crate::{
    discover::Wanted,
    error::HostError,
    isolate::settings::{FLAGS, SWITCHES},
    near::did_you_mean,
    report::Report,
    upstream,
};
use ropt_abi::trust::Trust;
use ropt_mlir::sys;

/// A command line of opt mode, taken apart.
#[derive(Debug, Default)]
pub struct OptLine {
    /// The input; `-` when none was named.
    pub input: Option<String>,
    /// `-o`.
    pub output: Option<String>,
    /// `--pass-pipeline`.
    pub pipeline: Option<String>,
    /// `--pass-statistics`, or MLIR's `--mlir-pass-statistics`.
    pub statistics: bool,
    /// `--strict`.
    pub strict: bool,
    /// `--help-mlir`.
    pub help_mlir: bool,
    /// What MLIR gets, in order.
    pub rest: Vec<String>,
}

/// Flags of ours or of MLIR's that take a value and must be known before MLIR's flags are registered.
const WITH_VALUE: [&str; 5] = ["o", "pass-pipeline", "load-plugin", "load-pass-plugin", "load-dialect-plugin"];

/// The plugins that a command line names: they must be known before the other flags can be understood.
#[must_use]
pub fn named_plugins(args: &[String]) -> (Wanted, Vec<(&'static str, String)>) {
    let (mut wanted, mut upstream) = (Wanted::default(), Vec::new());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let Some(body) = arg.strip_prefix('-').map(|a| a.trim_start_matches('-')) else { continue };
        let (name, value) = body.split_once('=').map_or((body, None), |(n, v)| (n, Some(v.to_owned())));
        let flag = match name {
            "load-plugin" => "",
            "load-pass-plugin" => "--load-pass-plugin",
            "load-dialect-plugin" => "--load-dialect-plugin",
            "insecure-plugins" => {
                wanted.trust = Trust::Anything;
                continue;
            }
            _ => continue,
        };
        let Some(value) = value.or_else(|| args.next().cloned()) else { continue };
        if flag.is_empty() {
            wanted.named.push(value.into());
        } else {
            upstream.push((flag, value));
        }
    }
    (wanted, upstream)
}

/// Takes a command line apart. Values of MLIR's own flags that stand alone (`--flag value`) are told from the input
/// by asking `takes_value`.
///
/// # Errors
/// A flag without its value, or two inputs.
pub fn take_apart(args: Vec<String>, takes_value: impl Fn(&str) -> bool) -> Result<OptLine, HostError> {
    let mut line = OptLine::default();
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        if arg == "-" || !arg.starts_with('-') {
            if let Some(first) = line.input.replace(arg.clone()) {
                let report = Report::error(format!("two inputs: `{first}` and `{arg}`")).help(Some(
                    "give one file, or `-` for stdin; separate several modules by --split-input-file".into(),
                ));
                return Err(HostError::Usage(Box::new(report)));
            }
            continue;
        }
        let body = arg.trim_start_matches('-');
        let (name, value) = match body.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (body.to_owned(), None),
        };
        if WITH_VALUE.contains(&name.as_str()) || FLAGS.contains(&name.as_str()) {
            let Some(value) = value.or_else(|| args.next()) else {
                let report = Report::error(format!("{arg} wants a value")).help(Some(format!("write {arg}=VALUE")));
                return Err(HostError::Usage(Box::new(report)));
            };
            match name.as_str() {
                "o" => line.output = Some(value),
                "pass-pipeline" => {
                    line.pipeline = Some(value.clone());
                    line.rest.push(format!("--pass-pipeline={value}"));
                }
                _ => {} // plugins: see `named_plugins`; how passes are run: see `Settings`
            }
            continue;
        }
        match name.as_str() {
            "pass-statistics" | "mlir-pass-statistics" => line.statistics = true,
            "strict" => line.strict = true,
            "help-mlir" => line.help_mlir = true,
            "insecure-plugins" => {}                   // see `named_plugins`
            switch if SWITCHES.contains(&switch) => {} // see `Settings`
            _ => {
                line.rest.push(arg);
                if value.is_none() && takes_value(&name) {
                    line.rest.extend(args.next());
                }
            }
        }
    }
    Ok(line)
}

/// Whether MLIR's flag wants a value. Only after the flags are registered.
#[must_use]
pub fn takes_value(name: &str) -> bool {
    // SAFETY: reads LLVM's registry of flags.
    unsafe { sys::roptFlagTakesValue(sys::RoptStr::new(name)) }
}

/// Whether it is a flag of MLIR's. Only after the flags are registered, which those of passes are, too.
#[must_use]
pub fn is_mlir(name: &str) -> bool {
    // SAFETY: reads LLVM's registry of flags.
    let known = unsafe { sys::roptFlagKnown(sys::RoptStr::new(name)) };
    known && !upstream::is_pass(name)
}

/// Refuses a flag that MLIR does not know, with the nearest ones.
///
/// # Errors
/// The first unknown flag.
pub fn check(rest: &[String]) -> Result<(), HostError> {
    for arg in rest.iter().filter(|arg| arg.starts_with('-')) {
        let name = arg.trim_start_matches('-').split('=').next().unwrap_or_default();
        // SAFETY: reads LLVM's registry of flags.
        if unsafe { sys::roptFlagKnown(sys::RoptStr::new(name)) } {
            continue;
        }
        // SAFETY: the sink lives during the call.
        let all = sys::collect(|sink, user| unsafe { sys::roptForEachFlag(sink, user) });
        let near = did_you_mean(name, all.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| "`ropt --help` lists ropt's flags, `ropt --help-mlir` all of MLIR's".into());
        return Err(HostError::Usage(Box::new(Report::error(format!("unknown flag `{arg}`")).help(Some(help)))));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(args: &[&str]) -> OptLine {
        take_apart(args.iter().map(|a| (*a).to_owned()).collect(), |name| name == "mlir-print-ir-tree-dir")
            .expect("well-formed")
    }

    #[test]
    fn values_are_not_inputs() {
        let line = line(&["--mlir-print-ir-tree-dir", "d", "-o", "out", "in.mlir", "--cse"]);
        assert_eq!(line.input.as_deref(), Some("in.mlir"));
        assert_eq!(line.output.as_deref(), Some("out"));
        assert_eq!(line.rest, ["--mlir-print-ir-tree-dir", "d", "--cse"]);
    }
}
