//! A child with a time limit, and how it ended.

use super::arguments::quoted;
use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// How a child ended.
#[derive(Debug, Clone)]
enum End {
    Exited(ExitStatus),
    TimedOut(Duration),
    NotStarted(String),
}

/// A child that ended.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    end: End,
    command: String,
    /// What it printed.
    pub(super) stdout: Vec<u8>,
    /// What it said.
    pub(super) stderr: String,
}

/// The most of a stream that is looked at; a plugin that floods it is not read to the end.
const MOST: u64 = 4 << 20;
/// Lines of a message that are shown.
const SHOWN: usize = 12;

/// Runs a program in a folder. Its streams go to files there, so that no pipe fills up; the command is written down.
pub(super) fn run(program: &Path, arguments: &[String], folder: &Path, limit: Duration) -> Ended {
    let words = std::iter::once(program.display().to_string()).chain(arguments.iter().cloned());
    let command: Vec<String> = words.map(|word| quoted(&word)).collect();
    let mut ended = Ended {
        end: End::NotStarted(String::new()),
        command: command.join(" "),
        stdout: Vec::new(),
        stderr: String::new(),
    };
    let (out, err) = (folder.join("stdout"), folder.join("stderr"));
    ended.end = match start(program, arguments, folder, &ended.command) {
        Ok(child) => wait(child, limit),
        Err(error) => End::NotStarted(error.to_string()),
    };
    ended.stdout = head(&out);
    ended.stderr = String::from_utf8_lossy(&head(&err)).into_owned();
    ended
}

fn start(program: &Path, arguments: &[String], folder: &Path, command: &str) -> std::io::Result<std::process::Child> {
    let mut log = OpenOptions::new().create(true).append(true).open(folder.join("commands.sh"))?;
    writeln!(log, "{command}")?;
    Command::new(program)
        .args(arguments)
        .current_dir(folder)
        // A result from a cache would say nothing about the plugin.
        .env("ROPT_CACHE_DIR", "")
        .stdin(Stdio::null())
        .stdout(File::create(folder.join("stdout"))?)
        .stderr(File::create(folder.join("stderr"))?)
        .spawn()
}

fn wait(mut child: std::process::Child, limit: Duration) -> End {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return End::Exited(status),
            Ok(None) if start.elapsed() < limit => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(8));
            }
            Ok(None) => {
                // It may end by itself at this very moment: either way it is gone after this.
                let _killed = child.kill();
                let _gone = child.wait();
                return End::TimedOut(limit);
            }
            Err(error) => return End::NotStarted(error.to_string()),
        }
    }
}

fn head(path: &Path) -> Vec<u8> {
    use std::io::Read;
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        let _read = file.take(MOST).read_to_end(&mut bytes);
    }
    let _gone = fs::remove_file(path);
    bytes
}

impl Ended {
    /// Whether the exit code is 0.
    pub(super) fn succeeded(&self) -> bool {
        self.code() == Some(0)
    }

    /// The exit code, if it ended by itself.
    pub(super) fn code(&self) -> Option<i32> {
        if let End::Exited(status) = &self.end { status.code() } else { None }
    }

    /// Whether it refused its input in words.
    pub(super) fn refused(&self) -> bool {
        matches!(self.code(), Some(1 | 2)) && self.stderr.contains("error:") && !self.crashed()
    }

    /// Whether it ended badly and said so. The tools catch signals, and their last words have an exit code like that of a
    /// wrong input where no plugin could be blamed.
    fn crashed(&self) -> bool {
        let last = |line: &str| {
            line.contains(" crashed (")
                || line.contains(" ended the process: it called exit")
                || line.starts_with("error: a crash in ")
        };
        self.stderr.lines().filter(|line| line.starts_with("error: ")).any(last)
    }

    /// The command in a few words: the program and what it was asked to do.
    pub(super) fn what(&self) -> String {
        let words: Vec<&str> = self.command.split_whitespace().take(2).collect();
        let program = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or_default();
        match words.get(1) {
            Some(word) if !word.starts_with(['/', '-', '\'']) => format!("{program} {word}"),
            _ => program.to_owned(),
        }
    }

    /// How it ended and what it said.
    pub(super) fn describe(&self) -> String {
        let end = match &self.end {
            End::Exited(status) => match (status.code(), status.signal()) {
                (Some(code), _) => format!("exit code {code}"),
                (None, Some(signal)) => format!("signal {signal}{}", name(signal)),
                (None, None) => "no exit code".to_owned(),
            },
            End::TimedOut(limit) => format!("no end within {} s (--time-limit)", limit.as_secs()),
            End::NotStarted(reason) => format!("no start: {reason}"),
        };
        let lines: Vec<&str> = self.stderr.lines().collect();
        let mut said: Vec<&str> = lines.iter().take(SHOWN).copied().collect();
        if lines.len() > SHOWN {
            said.push("…");
        }
        format!("`{}`: {end}\n{}", self.what(), said.join("\n")).trim_end().to_owned()
    }
}

fn name(signal: i32) -> &'static str {
    match signal {
        4 => " (illegal instruction)",
        6 => " (abort)",
        7 => " (bus error)",
        8 => " (arithmetic error)",
        9 => " (killed)",
        11 => " (segmentation fault)",
        15 => " (terminated)",
        _ => "",
    }
}
