//! What can go wrong between LLVM dialect and a linked object, with LLVM's or lld's own words.

use std::path::PathBuf;

/// A failure of the LLVM half of code generation.
#[derive(Debug, thiserror::Error)]
pub enum LlvmError {
    /// The module is not wholly LLVM dialect; the reason went to MLIR's diagnostics.
    #[error("the module can not be translated to LLVM IR")]
    Translate,
    /// A triple that no code generator of this LLVM knows.
    #[error("no code generator for the target triple `{triple}`: {message}")]
    UnknownTriple {
        /// The triple as given.
        triple: String,
        /// LLVM's words.
        message: String,
    },
    /// A processor that LLVM does not know for this triple.
    #[error("LLVM knows no processor `{cpu}` for `{triple}`")]
    UnknownCpu {
        /// The triple as given.
        triple: String,
        /// The processor name as given.
        cpu: String,
    },
    /// A target machine that could not be made.
    #[error("LLVM made no target machine for `{triple}` with the processor `{cpu}`")]
    NoMachine {
        /// The triple as given.
        triple: String,
        /// The processor name as given.
        cpu: String,
    },
    /// Text or bitcode that is not LLVM IR.
    #[error("`{name}` is not LLVM IR that LLVM {version} reads: {message}")]
    Parse {
        /// What was read: a path or a symbol name.
        name: String,
        /// LLVM's own version.
        version: &'static str,
        /// LLVM's words.
        message: String,
    },
    /// Two modules that do not fit together.
    #[error("linking the LLVM modules `{first}` and `{second}` failed: {message}")]
    Merge {
        /// The module linked into.
        first: String,
        /// The module linked in.
        second: String,
        /// LLVM's words.
        message: String,
    },
    /// LLVM IR that breaks LLVM's rules.
    #[error("the LLVM module `{name}` is invalid: {message}")]
    Invalid {
        /// The module's identifier.
        name: String,
        /// The verifier's words.
        message: String,
    },
    /// A pass pipeline that LLVM refused.
    #[error("LLVM's pass pipeline `{pipeline}` failed: {message}")]
    Passes {
        /// The pipeline text.
        pipeline: String,
        /// LLVM's words.
        message: String,
    },
    /// No assembly or object came out.
    #[error("LLVM emitted no {what}: {message}")]
    Emit {
        /// `assembly` or `object`.
        what: &'static str,
        /// LLVM's words.
        message: String,
    },
    /// lld refused the link.
    #[error("the linker failed: {message}")]
    Link {
        /// Everything that lld said.
        message: String,
    },
    /// An earlier link crashed lld, which then can not be called again.
    #[error("the linker crashed earlier in this process and can not be used again")]
    LinkerGone,
    /// A name with a NUL byte.
    #[error("`{0}` holds a NUL byte")]
    Nul(String),
    /// Reading or writing the linker's temporary files.
    #[error("the linker's temporary file {} (TMPDIR says where they go)", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
}
