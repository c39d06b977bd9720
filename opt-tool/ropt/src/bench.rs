//! `ropt bench`: the short way from a file to a measurement. Only other commands are run: `ropt compile` makes the
//! benchmarks and the programs, `ropt-run bench` measures them.

use ropt_host::{HostError, discover::INSECURE, report::Report};
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    file: Option<String>,
    executables: Vec<String>,
    /// For `ropt compile`.
    compile: Vec<String>,
    /// For `ropt-run bench`.
    run: Vec<String>,
}

/// The attribute that tells a benchmark file from a program.
const MARK: &str = "ropt.benchmark";
/// What bytecode starts with.
const BYTECODE: &[u8] = b"ML\xEFR";

/// Flags of `ropt-run bench` that give one document for one program.
const ONE_PROGRAM: [&str; 4] = ["--report", "--format=json", "--format=csv", "--function"];

/// Runs `ropt bench` on the command line behind `ropt`.
pub(crate) fn command(args: &[String]) -> Result<i32, HostError> {
    let wanted = parse(&args[1..])?;
    let Some(file) = &wanted.file else {
        return Err(usage(Report::error("no file to measure").help(Some("ropt bench FILE.mlir".into()))));
    };
    let tools = Tools::find()?;
    let folder = tempfile::Builder::new()
        .prefix("ropt-bench-")
        .tempdir()
        .map_err(|reason| HostError::Read { path: std::env::temp_dir(), reason })?;
    let bytes = fs::read(file).map_err(|reason| HostError::Read { path: file.into(), reason })?;
    if is_benchmark(&bytes) {
        if !wanted.executables.is_empty() {
            let report = Report::error(format!("--executable chooses from a program, and `{file}` is a benchmark"));
            return Err(usage(report.help(Some("leave the flag out".into()))));
        }
        return tools.measure(Path::new(file), &wanted.compile, &wanted.run, folder.path());
    }
    let benchmarks = folder.path().join("benchmarks");
    let code = tools.generate(file, &wanted.compile, &wanted.executables, &benchmarks, folder.path())?;
    if code != 0 {
        return Ok(code);
    }
    let files = benchmarks_in(&benchmarks);
    if files.is_empty() {
        let report = Report::error(format!("there is nothing to measure in `{file}`"));
        let report = report.note("no dispatch of it got a benchmark; the warnings above say why");
        return Err(HostError::Input(Box::new(report)));
    }
    if let Some(flag) = one_program(&wanted.run).filter(|_| files.len() > 1) {
        let report = Report::error(format!("{flag} is for one executable, and there are {}", files.len()));
        return Err(usage(report.help(Some("name one with --executable=NAME".into()))));
    }
    let plugins: Vec<String> =
        wanted.compile.iter().filter(|flag| flag.starts_with("--load-") || *flag == INSECURE).cloned().collect();
    let mut worst = 0;
    for file in files {
        worst = worst.max(tools.measure(&file, &plugins, &wanted.run, folder.path())?);
    }
    Ok(worst)
}

/// The benchmark files of a folder, sorted.
pub(crate) fn benchmarks_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect());
    let mut files: Vec<PathBuf> = entries.unwrap_or_default();
    files.sort();
    files
}

fn one_program(flags: &[String]) -> Option<&str> {
    let one = |flag: &&String| ONE_PROGRAM.iter().any(|name| flag.starts_with(name));
    flags.iter().find(one).map(String::as_str)
}

fn parse(args: &[String]) -> Result<Wanted, HostError> {
    let mut wanted = Wanted::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            wanted.run = args.by_ref().cloned().collect();
        } else if let Some(name) = arg.strip_prefix("--executable=") {
            wanted.executables.extend(name.split(',').map(str::to_owned));
        } else if arg == "--executable" {
            wanted.executables.extend(args.next().cloned());
        } else if arg.starts_with('-') && arg != "-" {
            if ["-o", "--compile-to", "--print-pipeline"].iter().any(|ours| arg.starts_with(ours)) {
                let report = Report::error(format!("`ropt bench` sets {arg} itself"));
                return Err(usage(report.help(Some("use `ropt compile` and `ropt-run bench`".into()))));
            }
            wanted.compile.push(arg.clone());
        } else if let Some(first) = &wanted.file {
            let report = Report::error(format!("two files to measure, `{first}` and `{arg}`"));
            return Err(usage(
                report.help(Some("a flag's value goes behind `=`, flags of ropt-run behind `--`".into())),
            ));
        } else {
            wanted.file = Some(arg.clone());
        }
    }
    Ok(wanted)
}

/// The two programs.
pub(crate) struct Tools {
    ropt: PathBuf,
    ropt_run: PathBuf,
}

impl Tools {
    /// This program and its neighbour.
    pub(crate) fn find() -> Result<Self, HostError> {
        let ropt = std::env::current_exe().map_err(|reason| HostError::Read { path: "ropt".into(), reason })?;
        let ropt_run = ropt.with_file_name("ropt-run");
        if !ropt_run.is_file() {
            let report = Report::error(format!("`{}` is not there", ropt_run.display()));
            return Err(HostError::Input(Box::new(report.help(Some("it belongs beside ropt".into())))));
        }
        Ok(Self { ropt, ropt_run })
    }

    /// Writes the benchmarks of a program, or of some of its executables, to a folder.
    pub(crate) fn generate(
        &self,
        file: &str,
        flags: &[String],
        executables: &[String],
        to: &Path,
        scratch: &Path,
    ) -> Result<i32, HostError> {
        let mut command = self.to_targets(file, flags, scratch);
        command.arg(joined("--hal-dump-executable-benchmarks-to=", to));
        command.args(executables.iter().map(|name| format!("--hal-benchmark-executable={name}")));
        status(&mut command)
    }

    /// What the compilation of a program says up to the phase in which the last substitutions are made.
    pub(crate) fn said(&self, file: &str, flags: &[String], scratch: &Path) -> Result<String, HostError> {
        let output = self
            .to_targets(file, flags, scratch)
            .output()
            .map_err(|reason| HostError::Read { path: self.ropt.clone(), reason })?;
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn to_targets(&self, file: &str, flags: &[String], scratch: &Path) -> Command {
        let mut command = Command::new(&self.ropt);
        command.args(["compile", file, "--compile-to=executable-targets", "-o"]).arg(scratch.join("program.mlir"));
        command.args(flags);
        command
    }

    /// Compiles a file to a program.
    pub(crate) fn compile(&self, file: &Path, flags: &[String], program: &Path) -> Result<i32, HostError> {
        status(Command::new(&self.ropt).arg("compile").arg(file).args(flags).arg("-o").arg(program))
    }

    /// Checks that two programs give the same, and compares their times.
    pub(crate) fn compare(&self, one: &Path, other: &Path) -> Result<i32, HostError> {
        status(Command::new(&self.ropt_run).args(["compare", "--verify", "--max-time=2"]).arg(one).arg(other))
    }

    /// Compiles a benchmark file and measures it.
    fn measure(&self, file: &Path, flags: &[String], run: &[String], scratch: &Path) -> Result<i32, HostError> {
        let stem = file.file_stem().unwrap_or(OsStr::new("benchmark"));
        let program = scratch.join(stem).with_extension("so");
        let code = self.compile(file, flags, &program)?;
        if code != 0 {
            return Ok(code);
        }
        status(Command::new(&self.ropt_run).arg("bench").arg(&program).args(run))
    }
}

fn joined(flag: &str, path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from(flag);
    text.push(path);
    text
}

/// The exit code of a command, whose output goes where ours goes.
fn status(command: &mut Command) -> Result<i32, HostError> {
    let path = PathBuf::from(command.get_program());
    let status = command.status().map_err(|reason| HostError::Read { path, reason })?;
    Ok(status.code().unwrap_or(3))
}

/// Whether a file holds benchmark functions; a comment that speaks of them does not count.
fn is_benchmark(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    if bytes.starts_with(BYTECODE) {
        return text.contains(MARK);
    }
    text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(MARK))
}

fn usage(report: Report) -> HostError {
    HostError::Usage(Box::new(report))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn flags_go_to_the_command_that_they_are_for() {
        let wanted =
            parse(&words("a.mlir --target=llvm-cpu --executable=x,y -- --min-time=1 --report=r")).expect("reads");
        assert_eq!(wanted.file.as_deref(), Some("a.mlir"));
        assert_eq!(wanted.executables, ["x", "y"]);
        assert_eq!(wanted.compile, ["--target=llvm-cpu"]);
        assert_eq!(one_program(&wanted.run), Some("--report=r"));
        assert!(parse(&words("a.mlir b.mlir")).is_err());
        assert!(parse(&words("a.mlir -o x")).is_err());
    }

    #[test]
    fn a_benchmark_is_told_by_its_functions() {
        assert!(is_benchmark(b"func.func @f(%n: i32) attributes {ropt.benchmark = {}} {"));
        assert!(is_benchmark(b"ML\xEFR\x00ropt.benchmark\xFF"));
        assert!(!is_benchmark(b"  // the attribute ropt.benchmark\nmodule {}\n"));
    }
}
