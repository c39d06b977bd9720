//! One call of the user's command: text in, text out, under a limit of time.

use ropt_output::remedy::start_remedy;
use ropt_plugin::{prelude::*, process};
use std::{
    fmt,
    io::{self, Read, Write},
    os::unix::process::ExitStatusExt,
    process::{Child, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};
use thiserror::Error;

/// Lines of stderr that a message shows.
const SHOWN: usize = 40;

/// Bytes that a command may print. Kernels with large constants have some MiB of text.
const LARGEST: u64 = 1 << 28;

/// Program, arguments and limit.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    text: String,
    words: Vec<String>,
    timeout: Option<Duration>,
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its stdout.
    pub(crate) text: Vec<u8>,
    /// The lines of its stderr.
    pub(crate) words: Vec<String>,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error("there is no program `{0}`")]
    Missing(String),
    #[error("it does not start: {0}")]
    Start(io::Error),
    #[error("it {how}")]
    Status { how: String, words: Vec<String> },
    #[error("it took longer than {} s", .after.as_secs())]
    Timeout { after: Duration, words: Vec<String> },
    #[error("it printed more than {} MiB", LARGEST >> 20)]
    Large,
    #[error("it printed nothing on stdout")]
    Silent { words: Vec<String> },
    #[error("its output cannot be read: {0}")]
    Read(io::Error),
}

/// What a command is for.
const CONTRACT: &str = "it gets the text on stdin and must print it, changed or not";

impl Failure {
    /// The error for the user, with what the command said.
    pub(crate) fn refuse(self, doing: &str, command: &Command, at: Location<'_>, generic: bool) -> PassError {
        let error = PassError::new(format!("cannot {doing} by {}: {self}", command.who())).at(at);
        let (words, help) = match self {
            Self::Missing(_) => (Vec::new(), "give its path, or set PATH; for what only a shell knows write sh -c '…'"),
            Self::Timeout { words, .. } => (
                words,
                "raise the limit with --hal-preprocess-executables-timeout-s or the pass option timeout-s (0 is none)",
            ),
            Self::Silent { words } => (words, "it must print what it gets on stdin, changed or not"),
            Self::Status { words, .. } if generic => (
                words,
                "an op or an attribute that its MLIR does not know is named above: run what it wants before, give it only \
                 the part that it knows, or leave out what is new",
            ),
            Self::Status { words, .. } => {
                (words, "run it by itself on what --hal-dump-executable-sources-to=DIR writes")
            }
            Self::Start(error) => (Vec::new(), start_remedy(&error).unwrap_or(CONTRACT)),
            Self::Large | Self::Read(_) => (Vec::new(), CONTRACT),
        };
        let more = words.len().saturating_sub(SHOWN);
        let error = words.into_iter().take(SHOWN).fold(error, |error, line| error.note(format!("stderr: {line}")));
        let error = if more > 0 { error.note(format!("stderr: … {more} more lines")) } else { error };
        error.help(help)
    }
}

impl Command {
    /// Takes the text apart into words, as a shell does.
    ///
    /// # Errors
    /// When a quote is not closed or there is no word.
    pub(crate) fn parse(text: &str, timeout: Option<Duration>) -> PassResult<Self> {
        let words = shell_words::split(text)
            .map_err(|error| PassError::usage(format!("the command `{text}` cannot be taken apart: {error}")))?;
        if words.is_empty() {
            return Err(PassError::usage(format!("the command `{text}` names no program")));
        }
        Ok(Self { text: text.to_owned(), words, timeout })
    }

    /// The command in a sentence.
    pub(crate) fn who(&self) -> String {
        format!("the command `{self}`")
    }

    /// Runs it once; `stop` ends it early.
    pub(crate) fn run(&self, input: &str, stop: &dyn Fn() -> bool) -> Result<Answer, Failure> {
        let mut command = std::process::Command::new(&self.words[0]);
        command.args(&self.words[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = process::start(&mut command).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failure::Missing(self.words[0].clone()),
            _ => Failure::Start(error),
        })?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        thread::scope(|scope| {
            // A command need not read all of its input.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
            let stdout = scope.spawn(move || read(stdout));
            let stderr = scope.spawn(move || read(stderr));
            let status = self.wait(&mut child, stop);
            let words = stderr.join().ok().and_then(Result::ok).map(|(bytes, _)| lines(&bytes)).unwrap_or_default();
            let output = stdout.join().unwrap_or_else(|_| Err(io::Error::other("the reader failed")));
            let status = match status.map_err(Failure::Start)? {
                Some(status) => status,
                None => return Err(Failure::Timeout { after: self.timeout.unwrap_or_default(), words }),
            };
            let (text, whole) = output.map_err(Failure::Read)?;
            if !whole {
                return Err(Failure::Large);
            }
            if !status.success() {
                return Err(Failure::Status { how: how(status), words });
            }
            if text.iter().all(u8::is_ascii_whitespace) {
                return Err(Failure::Silent { words });
            }
            Ok(Answer { text, words })
        })
    }

    /// Waits for the end; none when the time is over or nobody waits any more, and the command was killed.
    fn wait(&self, child: &mut Child, stop: &dyn Fn() -> bool) -> io::Result<Option<ExitStatus>> {
        let start = Instant::now();
        let mut pause = Duration::from_micros(200);
        loop {
            let over = ended(child)?;
            if over || self.timeout.is_some_and(|timeout| start.elapsed() > timeout) || stop() {
                // What the command started would keep its output open.
                process::kill(child);
                let status = child.wait()?;
                return Ok(over.then_some(status));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether the command has ended. Its number is not given back to the system yet.
fn ended(child: &Child) -> io::Result<bool> {
    let how = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: the structure is plain data, which the call fills.
    let (done, about) = unsafe {
        let mut about: libc::siginfo_t = std::mem::zeroed();
        (libc::waitid(libc::P_PID, child.id(), &raw mut about, how), about)
    };
    if done != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has set it, or left the zero.
    Ok(unsafe { about.si_pid() } != 0)
}

/// All bytes, and whether that was all: a command that prints without end is cut off.
fn read(from: Option<impl Read>) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    }
    let whole = bytes.len() as u64 <= LARGEST;
    Ok((bytes, whole))
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn how(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => format!("ended with {status}"),
    }
}
