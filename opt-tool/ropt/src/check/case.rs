//! A case, the folder that it works in, and the programs that it runs.

use super::{
    Arguments, failed,
    process::{self, Ended},
};
use ropt_conformance::report::Verdict;
use ropt_host::{HostError, discover::PluginFile, report::Report};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// What a case does.
type Run = Box<dyn Fn(&Folder) -> Verdict + Send + Sync>;

/// One case.
pub(super) struct Case {
    /// Its name: groups and the case itself, with slashes between them.
    pub(super) name: String,
    /// Runs it.
    pub(super) run: Run,
}

impl Case {
    pub(super) fn new(name: impl Into<String>, run: impl Fn(&Folder) -> Verdict + Send + Sync + 'static) -> Self {
        Self { name: name.into(), run: Box::new(run) }
    }
}

/// A case's folder.
pub(super) struct Folder {
    path: PathBuf,
    limit: Duration,
}

impl Folder {
    /// The folder is made when something is put into it.
    pub(super) fn new(path: PathBuf, limit: Duration) -> Self {
        Self { path, limit }
    }

    /// A file's path in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        // What goes wrong here is told by whoever uses the path.
        let _made = fs::create_dir_all(&self.path);
        self.path.join(name)
    }

    /// Writes a file.
    pub(super) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<PathBuf, Verdict> {
        let path = self.file(name);
        let done = fs::write(&path, bytes);
        done.map(|()| path.clone())
            .map_err(|error| failed(format!("`{}` can be written", path.display()), error.to_string()))
    }

    /// Runs a program here; a command that goes on for too long is ended.
    pub(super) fn run(&self, program: &Path, arguments: &[String]) -> Ended {
        let _made = fs::create_dir_all(&self.path);
        process::run(program, arguments, &self.path, self.limit)
    }

    /// Runs a program, which must end with exit code 0.
    pub(super) fn must(&self, program: &Path, arguments: &[String]) -> Result<Ended, Verdict> {
        let ended = self.run(program, arguments);
        if ended.succeeded() {
            Ok(ended)
        } else {
            Err(failed(format!("`{}` succeeds", ended.what()), ended.describe()))
        }
    }

    /// Runs a program, which must refuse: exit code 1 or 2, and an error that says something.
    pub(super) fn must_refuse(&self, program: &Path, arguments: &[String], why: &str) -> Result<Ended, Verdict> {
        let ended = self.run(program, arguments);
        if ended.refused() {
            return Ok(ended);
        }
        Err(failed(format!("exit code 1 or 2 and an error, since {why}"), ended.describe()))
    }

    /// Reads a file that a program wrote.
    pub(super) fn read(&self, path: &Path) -> Result<Vec<u8>, Verdict> {
        fs::read(path).map_err(|error| failed(format!("`{}` is written", path.display()), error.to_string()))
    }

    pub(super) fn remove(self) {
        // A folder that stays is in the temporary folder of the run, which goes at its end.
        let _gone = fs::remove_dir_all(&self.path);
    }
}

/// The two programs, and what every command line has.
#[derive(Debug, Clone)]
pub(super) struct Tools {
    pub(super) ropt: PathBuf,
    pub(super) ropt_run: PathBuf,
    /// `--load-plugin=…` of all plugins, and `--insecure-plugins`.
    pub(super) plugins: Vec<String>,
    insecure: bool,
    /// Flags for `ropt compile`.
    pub(super) compile: Vec<String>,
    /// What a command may take.
    pub(super) limit: Duration,
}

impl Tools {
    pub(super) fn find(arguments: &Arguments) -> Result<Self, HostError> {
        let ropt = std::env::current_exe().map_err(|reason| HostError::Read { path: "ropt".into(), reason })?;
        let ropt_run = ropt.with_file_name("ropt-run");
        if !ropt_run.is_file() {
            let report = Report::error(format!("`{}` is not there", ropt_run.display()));
            return Err(HostError::Input(Box::new(report.help(Some("it belongs beside ropt".into())))));
        }
        let mut plugins = Vec::new();
        for path in arguments.plugins.iter().chain(&arguments.load_plugin) {
            plugins.push(load(&path.canonicalize().unwrap_or(path.clone())));
        }
        if arguments.insecure_plugins {
            plugins.push("--insecure-plugins".to_owned());
        }
        let (insecure, compile, limit) = (arguments.insecure_plugins, arguments.compile.clone(), arguments.limit());
        Ok(Self { ropt, ropt_run, plugins, insecure, compile, limit })
    }

    /// `ropt compile` of a file for a target.
    pub(super) fn compiling(&self, file: &Path, target: &str, program: &Path) -> Vec<String> {
        let words =
            ["compile".to_owned(), file.display().to_string(), format!("--target={target}"), "--no-cache".into()];
        let output = ["-o".to_owned(), program.display().to_string()];
        words
            .into_iter()
            .chain(output)
            .chain(self.plugins.iter().cloned())
            .chain(self.compile.iter().cloned())
            .collect()
    }

    /// Flags that make `ropt-run` find these drivers.
    pub(super) fn with_drivers(&self, drivers: &[PathBuf]) -> Vec<String> {
        let mut flags: Vec<String> = drivers.iter().map(|path| load(path)).collect();
        if self.insecure {
            flags.push("--insecure-plugins".to_owned());
        }
        flags
    }

    /// `ropt plugins registered` of a plugin.
    pub(super) fn registered(&self, file: &PluginFile) -> Vec<String> {
        let path = file.path.canonicalize().unwrap_or(file.path.clone());
        let words = ["plugins".to_owned(), "registered".to_owned(), path.display().to_string()];
        words.into_iter().chain(self.plugins.iter().cloned()).collect()
    }
}

fn load(path: &Path) -> String {
    format!("--load-plugin={}", path.display())
}
