//! How a pass that ran apart can end without a result, and what to say of it.

use ropt_isolation::rules::Limits;
use std::{io, os::unix::process::ExitStatusExt, process::ExitStatus};
use thiserror::Error;

/// Why there is no result. The text goes on after the names of pass and plugin.
#[derive(Debug, Error)]
pub(crate) enum Ending {
    /// A signal.
    #[error("crashed ({})", crate::crash::signal_name(*.0))]
    Signal(i32),
    /// A full stack.
    #[error("crashed (stack overflow)")]
    Overflow,
    /// A full address space.
    #[error("ran out of memory (its limit is {0} MiB)")]
    OutOfMemory(u64),
    /// It ended its process.
    #[error("ended its process: it called exit({0})")]
    Exit(i32),
    /// It took too long.
    #[error("did not end within {0} s")]
    Timeout(f64),
    /// It computed for too long.
    #[error("used more than {0} s of processor time")]
    Processor(u64),
    /// It wrote a file that is too large.
    #[error("wrote a file of more than {0} MiB")]
    File(u64),
    /// It printed too much.
    #[error("printed more than {0} KiB")]
    Output(u64),
    /// It wrote into the host's connection.
    #[error("wrote into the host's connection something that is no message")]
    Garbage,
    /// The bytes are no bytecode.
    #[error("gave back something that is no IR")]
    Unreadable,
    /// The bytes are the end of whoever reads them.
    #[error("gave back IR that must not be read: a process that tried {0}")]
    Deadly(Box<Self>),
    /// It gave back something else.
    #[error("gave back another op than its own")]
    OtherOp,
    /// The op depends on its surroundings.
    #[error("cannot be isolated: its op has operands or successors, which bytecode cannot hold without them")]
    NotAlone,
    /// The process could not be made.
    #[error("cannot be isolated: {0}")]
    Start(#[from] io::Error),
}

/// Words on the output by which runtimes tell that memory was full before they abort.
const MEMORY_WORDS: [&str; 3] = ["memory allocation of ", "std::bad_alloc", "out of memory"];

impl Ending {
    /// From what the system says of a process that closed its connection; `output` is the end of what it printed.
    pub(crate) fn of(status: ExitStatus, limits: &Limits, output: &[u8]) -> Self {
        let text = String::from_utf8_lossy(output);
        match status.signal() {
            Some(libc::SIGABRT) if MEMORY_WORDS.iter().any(|words| text.contains(words)) => {
                Self::OutOfMemory(limits.memory_mb)
            }
            Some(libc::SIGXCPU) => Self::Processor(limits.cpu_s),
            Some(libc::SIGXFSZ) => Self::File(limits.file_mb),
            Some(signal) => Self::Signal(signal),
            None => Self::Exit(status.code().unwrap_or_default()),
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self, limits: &Limits) -> Option<String> {
        let (key, value) = match self {
            Self::OutOfMemory(_) => ("memory-mb", limits.memory_mb.to_string()),
            Self::Timeout(limit) => {
                return Some(format!("allow more than {limit} s: --pass-timeout, or `wall-s` in ropt.toml"));
            }
            Self::Processor(_) => ("cpu-s", limits.cpu_s.to_string()),
            Self::File(_) => ("file-mb", limits.file_mb.to_string()),
            Self::Output(_) => ("output-kb", limits.output_kb.to_string()),
            _ => return None,
        };
        Some(format!("allow more than {value}: `{key}` in ropt.toml"))
    }
}
