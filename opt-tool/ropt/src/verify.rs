//! `ropt compile --hal-verify-substitutions`: each substituted executable against the original, on the device.
//!
//! The original's benchmark is written, compiled as it is and with the substitution in it, and both are compared by
//! `ropt-run compare --verify`: the same functions, and the same inputs.

use crate::bench::{Tools, benchmarks_in};
use ropt_host::{HostError, discover::INSECURE, report::Report};
use std::path::Path;

/// Flags that substitute, without `hal-substitute-executable-` before and a value behind.
const BY_NAME: [&str; 3] = ["source", "configuration", "object"];
/// What all of them start with, behind `--` and perhaps `iree-`.
const SUBSTITUTE: &str = "hal-substitute-executable-";

/// The command line of a compilation, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// What is compiled.
    file: String,
    /// Flags that substitute, as `(flag without a value, value)`.
    substitutions: Vec<(String, String)>,
    /// All others that have to do with code.
    others: Vec<String>,
}

impl Line {
    /// From the words behind `ropt compile` and the file that clap found in them.
    pub(crate) fn of(args: &[String], file: &str) -> Self {
        let mut line = Self { file: file.to_owned(), ..Self::default() };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let name = arg.trim_start_matches('-').split('=').next().unwrap_or_default();
            let name = name.strip_prefix("iree-").unwrap_or(name);
            let takes = ["o", "compile-to", "dump-compilation-phases-to"].contains(&name)
                || name.starts_with("hal-dump-executable-");
            if name == "hal-verify-substitutions" || (arg == file) {
                continue;
            }
            let mut value = || match arg.split_once('=') {
                Some((_, value)) => value.to_owned(),
                None => args.next().cloned().unwrap_or_default(),
            };
            if name.starts_with(SUBSTITUTE) {
                let value = value();
                line.substitutions.push((format!("--{name}"), value));
            } else if takes {
                let _written_elsewhere = value();
            } else {
                line.others.push(arg.clone());
            }
        }
        line
    }

    /// The flags that substitute in one executable: those by name that name it, and all by folder.
    fn substitutions_of<'a>(&'a self, executable: &'a str) -> impl Iterator<Item = String> + 'a {
        let by_name =
            |flag: &str| BY_NAME.iter().any(|kind| flag.strip_prefix("--") == Some(&format!("{SUBSTITUTE}{kind}")));
        self.substitutions.iter().filter_map(move |(flag, value)| {
            if !by_name(flag) {
                return Some(format!("{flag}={value}"));
            }
            let mine = value.split(',').filter(|one| {
                let name = one.split('=').next().unwrap_or_default();
                name.split('@').next() == Some(executable)
            });
            let mine: Vec<&str> = mine.collect();
            (!mine.is_empty()).then(|| format!("{flag}={}", mine.join(",")))
        })
    }
}

/// Verifies every substitution of a compilation; the exit code.
pub(crate) fn verify(line: &Line) -> Result<i32, HostError> {
    let tools = Tools::find()?;
    let folder = tempfile::Builder::new()
        .prefix("ropt-verify-")
        .tempdir()
        .map_err(|reason| HostError::Read { path: std::env::temp_dir(), reason })?;
    let all: Vec<String> = line.substitutions.iter().map(|(flag, value)| format!("{flag}={value}")).collect();
    let mut flags = line.others.clone();
    flags.extend(all);
    let executables = substituted(&tools.said(&line.file, &flags, folder.path())?);
    if executables.is_empty() {
        let report = Report::error("--hal-verify-substitutions: nothing was substituted");
        let help = "name what to substitute, for example with --hal-substitute-executable-object=NAME=FILE";
        return Err(HostError::Usage(Box::new(report.help(Some(help.into())))));
    }
    let mut wrong = Vec::new();
    for executable in &executables {
        let benchmarks = folder.path().join(format!("{}-benchmarks", wrong.len())).join(executable);
        println!("executable @{executable}: the original (A) against its substitution (B)");
        if !one(&tools, line, executable, &benchmarks, folder.path())? {
            wrong.push(executable.as_str());
        }
    }
    if wrong.is_empty() {
        return Ok(0);
    }
    let names: Vec<String> = wrong.iter().map(|name| format!("@{name}")).collect();
    let report = Report::error(format!("the substitution of {} is not verified", names.join(", ")));
    Err(HostError::Input(Box::new(report.note("the reason stands above"))))
}

/// Whether one executable's substitution gives the original's results.
fn one(tools: &Tools, line: &Line, executable: &str, benchmarks: &Path, scratch: &Path) -> Result<bool, HostError> {
    if tools.generate(&line.file, &line.others, &[executable.to_owned()], benchmarks, scratch)? != 0 {
        return Ok(false);
    }
    let files = benchmarks_in(benchmarks);
    if files.is_empty() {
        eprintln!("error: no dispatch of @{executable} can be repeated by itself; the warnings above say why");
        return Ok(false);
    }
    let mut same = true;
    for file in files {
        let (a, b) = (scratch.join("original.so"), scratch.join("substituted.so"));
        let kept = |flag: &&String| {
            flag.starts_with("--load-") || *flag == INSECURE || flag.contains("executable-object-search-path")
        };
        let common: Vec<String> = line.others.iter().filter(kept).cloned().collect();
        let mut with: Vec<String> = line.substitutions_of(executable).collect();
        with.extend(common.iter().cloned());
        let compiled = tools.compile(&file, &common, &a)? == 0 && tools.compile(&file, &with, &b)? == 0;
        same &= compiled && tools.compare(&a, &b)? == 0;
    }
    Ok(same)
}

/// The executables that remarks name as substituted, each once.
fn substituted(said: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in said.lines().filter(|line| line.contains(": remark: ")) {
        let Some((before, _)) = line.split_once(" is substituted by ") else { continue };
        let Some((_, name)) = before.rsplit_once("executable @") else { continue };
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_command_line_is_taken_apart() {
        let line = Line::of(
            &words(
                "p.mlir --target=llvm-cpu -o p.so --iree-hal-substitute-executable-object=x=k.c \
                    --hal-substitute-executable-source y@v=y.mlir --hal-substitute-executable-objects-from=d \
                    --hal-dump-executable-files-to=e --hal-verify-substitutions",
            ),
            "p.mlir",
        );
        assert_eq!(line.others, ["--target=llvm-cpu"]);
        let of = |name| line.substitutions_of(name).collect::<Vec<_>>();
        assert_eq!(of("x"), ["--hal-substitute-executable-object=x=k.c", "--hal-substitute-executable-objects-from=d"]);
        assert_eq!(
            of("y"),
            ["--hal-substitute-executable-source=y@v=y.mlir", "--hal-substitute-executable-objects-from=d"]
        );
    }

    #[test]
    fn remarks_name_what_was_substituted() {
        let said = "p.mlir:1:1: remark: executable @x is substituted by `k.c` (…)\n  %0 = …\n\
                    p.mlir:2:1: remark: variant @v of executable @y is substituted by `y.mlir`\n\
                    p.mlir:3:1: remark: executable @x is substituted by `l.c`\n";
        assert_eq!(substituted(said), ["x", "y"]);
    }
}
