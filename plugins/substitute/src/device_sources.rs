//! Compiling a GPU's kernel that the user gives as source text: CUDA C++ to PTX, GLSL to SPIR-V.

use crate::{clang::Failure, error::SubstituteError, process};
use ropt_executable::{FileKind, interface::Variant};
use ropt_plugin::prelude::*;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// What kernels find where clang has none of NVIDIA's headers.
const CUDA_H: &str = include_str!("../../../core/abi/include/ropt/cuda.h");
/// The architecture of variants that name none.
const CHIP: &str = "sm_75";

/// A compiler and how it is called.
struct Call {
    compiler: PathBuf,
    arguments: Vec<String>,
}

/// Compiles for what the variant is for, within `limit` (zero is none); the object's bytes.
pub(crate) fn compile(
    file: &Path,
    kind: FileKind,
    variant: &Variant,
    limit: Duration,
    location: Location<'_>,
    cx: &PassContext<'_>,
) -> Result<Vec<u8>, Failure> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let failed = |what: &str, error: &dyn std::fmt::Display| SubstituteError::Compile(format!("{what}: {error}"));
    let work = cx.work_dir().map_err(|error| failed("there is no folder for temporary files", &error.message()))?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let (object, said) = (work.join(format!("device-{number}.out")), work.join(format!("device-{number}.err")));
    let calls = match kind {
        FileKind::Cuda => {
            let header = work.join("ropt_cuda.h");
            fs::write(&header, CUDA_H).map_err(|error| failed("the kernel header cannot be written", &error))?;
            cuda(variant, &header)
        }
        _ => glsl(variant)?,
    };
    // A file whose name starts with a dash is no option.
    let given = if file.is_relative() { Path::new(".").join(file) } else { file.to_owned() };
    for Call { compiler, arguments } in &calls {
        let files = ["-o".to_owned(), object.display().to_string(), given.display().to_string()];
        let Some(status) = process::run(compiler, arguments.iter().chain(&files), &said, limit)? else { continue };
        let words = fs::read(&said).map_err(|error| failed("the compiler's words cannot be read", &error))?;
        let words = String::from_utf8_lossy(&words).into_owned();
        if !status.success() {
            let shown: Vec<_> = arguments.iter().filter(|word| !word.contains(&*work.to_string_lossy())).collect();
            let shown = shown.into_iter().cloned().collect::<Vec<_>>().join(" ");
            let command = format!("`{} {shown} {}`", compiler.display(), given.display());
            let words = if words.trim().is_empty() { format!("it ended with {status}") } else { words };
            return Err(Failure::Said { command, words });
        }
        // glslang says the file's name when all is well.
        let lines: Vec<String> =
            words.lines().map(str::trim).filter(|line| is_said(line, &given)).map(Into::into).collect();
        if !lines.is_empty() {
            cx.warning_with(location, format!("the compiler has something to say of `{}`", file.display()), &lines);
        }
        return fs::read(&object).map_err(|error| failed("the compiler's object cannot be read", &error).into());
    }
    let suffix = if kind == FileKind::Cuda { "ptx" } else { "spv" };
    let by_hand = calls.first().map(|call| {
        let (to, from) = (file.with_extension(suffix), file.display());
        let compiler = if kind == FileKind::Cuda { "nvcc" } else { "glslangValidator" };
        format!("{compiler} {} -o {} {from}", call.arguments.join(" "), to.display())
    });
    Err(SubstituteError::NoDeviceCompiler {
        kind,
        names: calls.iter().map(|call| call.compiler.display().to_string()).collect::<Vec<_>>().join("`, `"),
        command: by_hand.unwrap_or_default(),
    }
    .into())
}

fn is_said(line: &str, given: &Path) -> bool {
    !line.is_empty() && *line != *given.to_string_lossy()
}

/// NVIDIA's compiler, or clang with a header of ours in place of NVIDIA's.
fn cuda(variant: &Variant, header: &Path) -> Vec<Call> {
    let configuration = variant.target.as_ref().map(|target| target.configuration.as_str()).unwrap_or_default();
    let value = |key: &str| Some(configuration.split_once(&format!("{key} = \""))?.1.split_once('"')?.0);
    let chip = value("chip").or_else(|| value("arch")).unwrap_or(CHIP);
    // PTX 8.0 has every architecture up to Hopper, 8.6 those behind.
    let newer =
        chip.trim_start_matches("sm_").trim_end_matches(['a', 'f']).parse::<u32>().is_ok_and(|number| number > 90);
    let features = value("features").filter(|text| text.starts_with("+ptx"));
    let features = features.unwrap_or(if newer { "+ptx86" } else { "+ptx80" });
    let nvcc = |compiler| Call { compiler, arguments: words(&["-ptx", "-O3", &format!("-arch={chip}"), "-x", "cu"]) };
    let clang = |compiler| {
        let architecture = format!("--cuda-gpu-arch={chip}");
        let header = header.display().to_string();
        let fixed =
            ["-x", "cuda", "--cuda-device-only", "-S", "-O3", "-nocudainc", "-nocudalib", "-Wno-unknown-cuda-version"];
        let own = [&architecture, "-Xclang", "-target-feature", "-Xclang", features, "-include", &header];
        Call { compiler, arguments: words(&[&fixed[..], &own[..]].concat()) }
    };
    let compilers = process::named("ROPT_NVCC", &["nvcc"]).into_iter().map(nvcc);
    compilers.chain(process::named("ROPT_CLANG", &["clang-22", "clang"]).into_iter().map(clang)).collect()
}

/// glslang, with the entry point named as the export.
fn glsl(variant: &Variant) -> Result<Vec<Call>, SubstituteError> {
    let [export] = &variant.exports[..] else {
        return Err(SubstituteError::OneEntryPoint { exports: variant.exports.len() });
    };
    let arguments =
        words(&["-V", "--target-env", "vulkan1.1", "-S", "comp", "-e", &export.name, "--source-entrypoint", "main"]);
    let compilers = process::named("ROPT_GLSLANG", &["glslangValidator", "glslang"]);
    Ok(compilers.into_iter().map(|compiler| Call { compiler, arguments: arguments.clone() }).collect())
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}
