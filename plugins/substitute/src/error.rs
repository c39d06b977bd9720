//! What can be wrong with a substitution.

use crate::gather::Request;
use ropt_executable::{
    FileKind,
    interface::{Mismatch, SiteMismatch},
    names::SpellingError,
    object::ObjectError,
};
use ropt_output::remedy::{read_remedy, start_remedy};
use ropt_plugin::{executable::PickError, prelude::*};
use std::{
    io,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Why nothing is replaced; the text is the sentence behind `cannot substitute executable @x: `, or a sentence of its
/// own for the first few.
#[derive(Debug, Error)]
pub(crate) enum SubstituteError {
    #[error(transparent)]
    Spelling(#[from] SpellingError),
    #[error("the program has no executable @{0}")]
    UnknownExecutable(String),
    #[error("it has no variant @{0}")]
    UnknownVariant(String),
    #[error("`{0}` is not there")]
    Missing(String),
    #[error("`{0}` is a folder, a file is wanted")]
    Folder(PathBuf),
    #[error("`{0}` is not a regular file")]
    NotRegular(PathBuf),
    #[error("`{path}` cannot be read: {source}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("`{0}` is empty")]
    Empty(PathBuf),
    #[error("`{path}` has {size} bytes, more than the {most} that a substitution may have")]
    Huge { path: PathBuf, size: u64, most: u64 },
    #[error("`{path}` is not {expected}, as its extension says")]
    Content { path: PathBuf, expected: FileKind },
    #[error("what `{0}` is can be told neither from its content nor from its extension")]
    Kind(PathBuf),
    #[error("{}", twice(file, other))]
    Twice { file: PathBuf, other: PathBuf },
    #[error("{0}")]
    Parse(String),
    #[error("{0}")]
    Llvm(String),
    #[error("the file {0}")]
    Pick(#[from] PickError),
    #[error("the file holds no variant @{variant}, it has {found}")]
    FileVariant { variant: String, found: String },
    #[error("{0}")]
    Mismatch(#[from] Mismatch),
    #[error("{0}")]
    Site(#[from] SiteMismatch),
    #[error("the file holds IR that is not translated yet")]
    NotTranslated,
    #[error("it is not for any target yet, and {0} is")]
    Source(FileKind),
    #[error("the file is {kind}, and none of its variants ({variants}) takes that")]
    NoVariant { kind: FileKind, variants: String },
    #[error("the file is {kind}, and several of its variants take that")]
    SeveralVariants { kind: FileKind, spellings: Vec<String> },
    #[error("the file is for {found}, variant @{variant} is for {expected}")]
    Machine { variant: String, expected: String, found: String },
    #[error("{0}")]
    Object(#[from] ObjectError),
    #[error("the file defines no function `{export}`")]
    Symbol { export: String, defined: Vec<String> },
    #[error("its function `{export}` is `{found}`, and a kernel is `{}`", crate::objects::KERNEL)]
    Signature { export: String, found: String },
    #[error("its function `{0}` is hidden: the program cannot find it there")]
    Hidden(String),
    #[error("several members of the archive define `{0}`")]
    Clash(String),
    #[error("the file needs {0}, which neither libc nor libm has")]
    Undefined(String),
    #[error("the grid of export @{0} is not known before translation")]
    Grid(String),
    #[error("{0}")]
    Compile(String),
    #[error("`{}` does not start: {source}", compiler.display())]
    Start { compiler: PathBuf, source: io::Error },
    #[error("there is no C compiler: `{0}` does not run")]
    NoCompiler(String),
    #[error("there is no compiler for {kind}: `{names}` do not run")]
    NoDeviceCompiler { kind: FileKind, names: String, command: String },
    #[error("a shader's source is one entry point, and the variant has {exports} exports")]
    OneEntryPoint { exports: usize },
    #[error("`{}` did not finish within {seconds} s", compiler.display())]
    Slow { compiler: PathBuf, seconds: u64 },
}

impl SubstituteError {
    /// What the user can do about it.
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Mismatch(Mismatch::Export { expected, .. }) => {
                format!("name the export, and the function in the body, @{expected}")
            }
            Self::Mismatch(Mismatch::Target { .. }) => {
                "dump the executable for this target and edit that, or compile for the file's target".to_owned()
            }
            Self::Mismatch(_) | Self::Site(_) => {
                "the callers keep their side: change the file; a fresh dump (--hal-dump-executable-sources-to=DIR) shows what \
                 they expect"
                    .to_owned()
            }
            Self::Folder(path) => format!(
                "for every file of a folder use --hal-substitute-executable-sources-from={} or the like",
                path.display()
            ),
            Self::Kind(_) => {
                "files are .mlir and .mlirbc for whole executables; .o, .so, .a, .bc, .ll, .s and .c for CPU kernels; \
                 .ptx, .cubin and .cu for CUDA; .spv, .comp and .glsl for Vulkan"
                    .to_owned()
            }
            Self::Twice { .. } => "give one of them, or each for a variant: name@variant=file".to_owned(),
            Self::NotTranslated => {
                "give it with --hal-substitute-executable-source or --hal-substitute-executable-configuration"
                    .to_owned()
            }
            Self::Source(_) => "run hal-assign-targets before".to_owned(),
            Self::SeveralVariants { spellings, .. } => format!("say which: {}", spellings.join(" or ")),
            Self::Symbol { export, defined } => {
                let names = defined.iter().map(String::as_str);
                let near = ropt_executable::did_you_mean(export, "functions that it defines", names);
                let library = defined.iter().any(|name| name == "iree_hal_executable_library_query");
                let library = if library { " (a linked library of IREE's, whose kernels have no names)" } else { "" };
                format!("an export's function has the export's name and is not static; {near}{library}")
            }
            Self::Signature { export, .. } => format!(
                "write int32_t {export}(const ropt_environment_t *, const ropt_dispatch_state_t *, const \
                 ropt_workgroup_state_t *), or ROPT_KERNEL({export}), of <ropt/kernel.h>"
            ),
            Self::Undefined(_) => "link what it needs into the object: a kernel has libc and libm only".to_owned(),
            Self::Grid(_) => {
                "objects go in after translation: use --hal-substitute-executable-object, or put the pass behind \
                 hal-translate-executables"
                    .to_owned()
            }
            Self::NoCompiler(_) => {
                "install clang, name one with the environment variable ROPT_CLANG, or give an object file".to_owned()
            }
            Self::NoDeviceCompiler { command, .. } => {
                format!("install one, or compile it where there is one and give the result: {command}")
            }
            Self::OneEntryPoint { .. } => {
                "compile the shaders and put all entry points into one SPIR-V module (spirv-link)".to_owned()
            }
            Self::Slow { .. } => {
                "make the file easier to compile, give an object file, or raise the limit with --codegen-timeout-s \
                 or the pass option timeout-s (0 is none)"
                    .to_owned()
            }
            Self::Spelling(_) | Self::UnknownExecutable(_) | Self::UnknownVariant(_) | Self::Missing(_) => return None,
            Self::NotRegular(_) => "give a regular file: devices and pipes are not read".to_owned(),
            Self::Unreadable { path, source } => match source.kind() {
                io::ErrorKind::PermissionDenied => return read_remedy(path, source),
                io::ErrorKind::NotFound => "the link leads nowhere: remove it, or make what it names".to_owned(),
                _ => "remove it, or put the file there".to_owned(),
            },
            Self::Empty(_) | Self::Content { .. } | Self::Object(ObjectError::Unreadable(_)) => {
                "make the file again; a fresh dump (--hal-dump-executable-files-to=DIR) shows what it can be".to_owned()
            }
            Self::Huge { .. } => "the file is hardly a kernel: look at what wrote it".to_owned(),
            Self::Parse(_) => "mend it there; `ropt FILE` checks a file alone".to_owned(),
            Self::Llvm(_) => "mend it; `opt -passes=verify FILE` of LLVM 22 checks a file alone".to_owned(),
            Self::Pick(_) | Self::FileVariant { .. } => {
                "give the file of this executable; a fresh dump (--hal-dump-executable-sources-to=DIR) shows what it holds"
                    .to_owned()
            }
            Self::NoVariant { kind, .. } => {
                format!("give a file for one of these targets, or compile for one that takes it ({})", kind.suited())
            }
            Self::Machine { expected, .. } => format!("compile it with --target={expected}-unknown-linux-gnu"),
            Self::Object(ObjectError::Program) => "link it with -shared -fPIC".to_owned(),
            Self::Object(ObjectError::Thin) => "make it with `ar rc`, without T".to_owned(),
            Self::Object(ObjectError::Machines { .. }) => "compile all of them for the variant's machine".to_owned(),
            Self::Hidden(_) => "compile it without -fvisibility=hidden".to_owned(),
            Self::Clash(_) => "keep the one that is meant".to_owned(),
            Self::Start { source, .. } => return start_remedy(source).map(str::to_owned),
            Self::Compile(_) => {
                "mend it; kernels include <ropt/kernel.h>, in the folder that `ropt config --include-dir` prints".to_owned()
            }
        })
    }

    /// The error for the user: what, where, by which flag, and what to do.
    pub(crate) fn refuse(self, request: &Request, location: Location<'_>) -> PassError {
        self.refuse_with(request, location, &[])
    }

    /// As [`SubstituteError::refuse`], with other places that have to do with it.
    pub(crate) fn refuse_with(
        self,
        request: &Request,
        location: Location<'_>,
        places: &[(Location<'_>, String)],
    ) -> PassError {
        let message = match &self {
            Self::UnknownExecutable(_) | Self::Spelling(_) => self.to_string(),
            _ => format!("cannot substitute executable @{}: {self}", request.executable),
        };
        let error = match &self {
            Self::Spelling(_) => PassError::usage(message),
            _ => PassError::new(message),
        };
        let mut error = error.at(location).note(format!("asked for by {}", request.origin));
        let named = request.origin.contains(&*request.path.to_string_lossy());
        if !named && !request.path.as_os_str().is_empty() {
            error = error.note(format!("the file is `{}`", request.path.display()));
        }
        for (place, note) in places {
            error = error.note_at(*place, note.as_str());
        }
        match self.help() {
            Some(help) => error.help(help),
            None => error,
        }
    }
}

fn twice(file: &Path, other: &Path) -> String {
    if file == other {
        return format!("`{}` is given for it twice", file.display());
    }
    format!("`{}` and `{}` are both given for it", other.display(), file.display())
}
