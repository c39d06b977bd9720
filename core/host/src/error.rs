//! Everything that the host itself refuses, with the data of the mistake.

use crate::{isolate::SandboxError, report::Report};
use ropt_abi::{manifest::ManifestError, trust::Untrusted};
use std::path::PathBuf;
use thiserror::Error;

/// A mistake that ends the command.
#[derive(Debug, Error)]
pub enum HostError {
    /// A file is no plugin of this host.
    #[error("cannot use plugin {}: {reason}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        reason: ManifestError,
    },
    /// Somebody else can have written the file.
    #[error("plugin {} is not used: {reason}", path.display())]
    Untrusted {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        reason: Untrusted,
    },
    /// A file or folder cannot be read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's words.
        #[source]
        reason: std::io::Error,
    },
    /// An output cannot be written; an older file is left as it was.
    #[error("cannot write `{}`: {reason}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's words.
        #[source]
        reason: std::io::Error,
    },
    /// Two plugins have something of the same name.
    #[error("{kind} `{name}` is in two plugins: {} and {}", first.display(), second.display())]
    Clash {
        /// `pass`, `target`, `flag` or `plugin`.
        kind: &'static str,
        /// The name.
        name: String,
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// A plugin's pass has a name that is one of MLIR's.
    #[error("pass `{name}` of plugin {} has the name of a {kind} of MLIR", path.display())]
    UpstreamClash {
        /// `pass` or `flag`.
        kind: &'static str,
        /// The name.
        name: String,
        /// The plugin.
        path: PathBuf,
    },
    /// A plugin's flag of `ropt compile` would hide one that there is without plugins.
    #[error("flag `{name}` of plugin {} is one of {owner}'s own", path.display())]
    FlagTaken {
        /// The flag or its alias.
        name: String,
        /// `ropt` or `MLIR`.
        owner: &'static str,
        /// The plugin.
        path: PathBuf,
    },
    /// The plugin was built against another MLIR.
    #[error("plugin {} was built with MLIR {found}, this ropt has {expected}", path.display())]
    OtherMlir {
        /// The file.
        path: PathBuf,
        /// The plugin's build id.
        found: String,
        /// Ours.
        expected: &'static str,
    },
    /// The plugin would bring a second MLIR or LLVM into the process.
    #[error("plugin {} links {library}, but the only MLIR of a ropt process is {expected}", path.display())]
    SecondMlir {
        /// The file.
        path: PathBuf,
        /// The library that it asks for.
        library: String,
        /// Ours.
        expected: &'static str,
    },
    /// The plugin holds a copy of MLIR of its own.
    #[error("plugin {} contains its own copy of MLIR: {sign}", path.display())]
    OwnMlir {
        /// The file.
        path: PathBuf,
        /// How it is known.
        sign: OwnMlir,
    },
    /// dlopen or the layout check failed.
    #[error("cannot load plugin {}: {reason}", path.display())]
    Load {
        /// The file.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// The dylib has not what its manifest says.
    #[error("plugin {} declares {kind} `{name}` but does not have it", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// `pass` or `target`.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// An upstream C++ plugin did not load.
    #[error("cannot load {flag}={path}: {reason}")]
    UpstreamPlugin {
        /// The flag.
        flag: &'static str,
        /// Its value.
        path: String,
        /// LLVM's words.
        reason: String,
    },
    /// Signals cannot be waited for.
    #[error("cannot wait for signals: {0}")]
    Signals(#[source] std::io::Error),
    /// A process of ropt's own cannot do its work.
    #[error("a process of ropt cannot work: {0}")]
    Worker(#[source] std::io::Error),
    /// A process for passes cannot be locked in.
    #[error("cannot lock in the process of a plugin: {0}")]
    Sandbox(#[source] SandboxError),
    /// The self-test of the MLIR library failed.
    #[error("libropt_mlir.so is broken: {0}")]
    Mlir(String),
    /// The command line or a pipeline is wrong.
    #[error("{0}")]
    Usage(Box<Report>),
    /// The input is wrong.
    #[error("{0}")]
    Input(Box<Report>),
}

/// What tells that a plugin has an MLIR inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OwnMlir {
    /// Linked statically, with its symbols.
    #[error("it defines mlirContextCreate itself")]
    Defined,
    /// Linked statically, whatever became of its symbols.
    #[error("it has the words of MLIR's context in it")]
    Contained,
    /// Linked statically, without symbols.
    #[error("it does not link {}, which has the host's", ropt_mlir::SONAME)]
    NotLinked,
    /// Seen when it was loaded.
    #[error("its mlirContextCreate is not the host's")]
    Loaded,
}

impl HostError {
    /// The exit code: 1 the input, 2 the command line, 3 a plugin.
    #[must_use]
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::Read { .. } | Self::Write { .. } | Self::Input(_) | Self::Mlir(_) => 1,
            Self::Signals(_) | Self::Worker(_) | Self::Sandbox(_) => 1,
            Self::Usage(_) => 2,
            _ => 3,
        }
    }

    /// The text for a person.
    #[must_use]
    pub fn render(&self) -> String {
        match self {
            Self::Usage(report) | Self::Input(report) => report.to_string(),
            Self::Read { path, reason } => self.with_help(ropt_output::remedy::read_remedy(path, reason)),
            Self::Write { path, reason } => self.with_help(ropt_output::remedy::write_remedy(path, reason)),
            Self::Untrusted { path, reason } => self.with_help(reason.remedy(path)),
            other => other.with_help(other.remedy().map(str::to_owned)),
        }
    }

    fn with_help(&self, help: Option<String>) -> String {
        Report::error(self.to_string()).help(help).to_string()
    }

    fn remedy(&self) -> Option<&'static str> {
        Some(match self {
            Self::OtherMlir { .. } | Self::SecondMlir { .. } | Self::OwnMlir { .. } => {
                "rebuild the plugin against this ropt's libropt_mlir.so"
            }
            Self::Clash { .. } => "remove one of the files, or take its folder out of ROPT_PLUGIN_PATH",
            Self::UpstreamClash { .. } => "rename the plugin's pass",
            Self::FlagTaken { .. } => "rename the plugin's flag",
            Self::Missing { .. } => "rebuild the plugin: its manifest and its code do not belong together",
            Self::Mlir(_) => "rebuild ropt with clang++ 22",
            _ => return None,
        })
    }
}
