//! Compiling a kernel that the user gives as C or assembly.

use crate::{error::SubstituteError, gather::Request, process};
use ropt_executable::{FileKind, interface::parse_target, object::machine_of_format};
use ropt_mlir::llvm::{LlvmModule, host_cpu};
use ropt_plugin::prelude::*;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The header that kernels include.
const KERNEL_H: &str = include_str!("../../../core/abi/include/ropt/kernel.h");

/// What comes of a file.
pub(crate) struct Compiled {
    /// The object's bytes.
    pub(crate) object: Vec<u8>,
    /// The file as LLVM IR, which tells what its functions take; none of assembly, and of a compiler that makes none.
    pub(crate) module: Option<LlvmModule>,
}

/// Why there is no object.
pub(crate) enum Failure {
    /// A failure of ours.
    Error(SubstituteError),
    /// The compiler's words, with the command that it was called with.
    Said { command: String, words: String },
}

impl Failure {
    /// The error for the user, with everything that the compiler said.
    pub(crate) fn refuse(self, request: &Request, location: Location<'_>) -> PassError {
        match self {
            Self::Error(error) => error.refuse(request, location),
            Self::Said { command, words } => {
                let error = SubstituteError::Compile("the file does not compile".to_owned()).refuse(request, location);
                let error = error.note(format!("the compiler was called as {command}"));
                words.lines().fold(error, |error, line| error.note(line))
            }
        }
    }
}

impl From<SubstituteError> for Failure {
    fn from(error: SubstituteError) -> Self {
        Self::Error(error)
    }
}

/// Compiles for the variant's processor, each call of the compiler within `limit` (zero is none).
pub(crate) fn compile(
    file: &Path,
    kind: FileKind,
    target: &str,
    limit: Duration,
    location: Location<'_>,
    cx: &PassContext<'_>,
) -> Result<Compiled, Failure> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let failed = |what: &str, error: &dyn std::fmt::Display| SubstituteError::Compile(format!("{what}: {error}"));
    let work = cx.work_dir().map_err(|error| failed("there is no folder for temporary files", &error.message()))?;
    let include = work.join("include");
    fs::create_dir_all(include.join("ropt")).map_err(|error| failed("the kernel header cannot be written", &error))?;
    fs::write(include.join("ropt/kernel.h"), KERNEL_H)
        .map_err(|error| failed("the kernel header cannot be written", &error))?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let object = work.join(format!("substitute-{number}.o"));
    let said = work.join(format!("substitute-{number}.err"));
    let mut arguments: Vec<String> = vec!["-c".into()];
    arguments.extend(processor(target));
    // An assembler neither optimises nor includes.
    if kind == FileKind::C {
        arguments.extend(["-O3".into(), "-fPIC".into(), format!("-I{}", include.display())]);
    }
    let mut as_ir = arguments.clone();
    // A file whose name starts with a dash is no option.
    let given = if file.is_relative() { Path::new(".").join(file) } else { file.to_owned() };
    let given = given.display().to_string();
    arguments.extend(["-o".to_owned(), object.display().to_string(), given.clone()]);
    let (compiler, status) = call(&arguments, &said, limit)?;
    let words = fs::read(&said).map_err(|error| failed("the compiler's words cannot be read", &error))?;
    let words = String::from_utf8_lossy(&words).into_owned();
    if !status.success() {
        let shown: Vec<_> = arguments.iter().filter(|word| !word.contains(&*work.to_string_lossy())).collect();
        let shown = shown.into_iter().filter(|word| *word != "-o").cloned().collect::<Vec<_>>().join(" ");
        let command = format!("`{} {shown}`", compiler.display());
        let words = if words.trim().is_empty() { format!("it ended with {status}") } else { words };
        return Err(Failure::Said { command, words });
    }
    if !words.trim().is_empty() {
        let lines: Vec<String> = words.lines().map(str::to_owned).collect();
        cx.warning_with(location, format!("the compiler has something to say of `{}`", file.display()), &lines);
    }
    let object = fs::read(&object).map_err(|error| failed("the compiler's object cannot be read", &error))?;
    if kind != FileKind::C {
        return Ok(Compiled { object, module: None });
    }
    let bitcode = work.join(format!("substitute-{number}.bc"));
    as_ir.extend(["-emit-llvm".into(), "-Xclang".into(), "-disable-llvm-passes".into()]);
    as_ir.extend(["-o".to_owned(), bitcode.display().to_string(), given.clone()]);
    let (compiler, status) = call(&as_ir, &said, limit)?;
    let module = status.success().then(|| fs::read(&bitcode).ok()).flatten();
    let module = module.and_then(|data| LlvmModule::parse(&data, &given).ok());
    if module.is_none() {
        let what = format!("`{}` makes no LLVM IR, so what the kernels take is not checked", compiler.display());
        cx.remark(location, what);
    }
    Ok(Compiled { object, module })
}

/// The processor that the variant is for. This machine's own is asked for as `native`, since a virtual machine can lack
/// features that its processor's name promises.
fn processor(target: &str) -> Vec<String> {
    let target = parse_target(target).unwrap_or_default();
    let cpu = target.configuration.split_once("cpu = \"").and_then(|(_, rest)| rest.split_once('"'));
    let cpu = cpu.map_or("", |(cpu, _)| cpu);
    let machine = machine_of_format(&target.format).unwrap_or(std::env::consts::ARCH);
    if machine != std::env::consts::ARCH {
        let triple = format!("--target={machine}-unknown-linux-gnu");
        return if cpu.is_empty() { vec![triple] } else { vec![triple, format!("-mcpu={cpu}")] };
    }
    vec![match cpu {
        "generic" if machine == "x86_64" => "-march=x86-64".to_owned(),
        "" | "host" | "generic" => "-march=native".to_owned(),
        cpu if cpu == host_cpu() => "-march=native".to_owned(),
        cpu => format!("-march={cpu}"),
    }]
}

/// Calls the first compiler that there is; what it says goes into the file `said`.
fn call(arguments: &[String], said: &Path, limit: Duration) -> Result<(PathBuf, ExitStatus), SubstituteError> {
    let compilers = process::named("ROPT_CLANG", &["clang-22", "clang"]);
    for compiler in &compilers {
        if let Some(status) = process::run(compiler, arguments, said, limit)? {
            return Ok((compiler.clone(), status));
        }
    }
    let names: Vec<String> = compilers.iter().map(|path| path.display().to_string()).collect();
    Err(SubstituteError::NoCompiler(names.join("`, `")))
}
