//! Objects → one ELF shared object, by lld in this process.

use std::{
    ffi::{CString, c_char, c_void},
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{
    LlvmError,
    ffi::c_string,
    scratch::{self, Folder},
};

#[repr(C)]
struct Str {
    ptr: *const u8,
    len: usize,
}

// SAFETY: the declarations repeat those of shim/Lld.h; each call says why its arguments do.
unsafe extern "C" {
    fn roptLldLink(
        argc: usize,
        argv: *const *const c_char,
        output: unsafe extern "C" fn(*mut c_void, Str),
        user: *mut c_void,
    ) -> i32;
}

/// One thing to link.
#[derive(Debug, Clone)]
pub enum LinkInput {
    /// A relocatable object, an archive or a shared library, as lld tells from its first bytes.
    Bytes {
        /// File name to show in the linker's messages, with its suffix: `kernel.o`.
        name: String,
        /// The content.
        data: Vec<u8>,
    },
    /// A file on disk.
    File(PathBuf),
}

/// How a shared object is made.
#[derive(Debug, Clone, Default)]
pub struct LinkOptions {
    /// Symbols that stay visible; all others are local. Empty: everything that the objects export.
    pub exports: Vec<String>,
    /// DT_SONAME, or none.
    pub soname: Option<String>,
    /// Libraries named in DT_NEEDED, as file names: `libm.so.6`.
    pub needed: Vec<String>,
    /// Whether symbols may stay undefined, to be found when the object is loaded.
    pub allow_undefined: bool,
    /// Keep symbol names and debug information.
    pub keep_symbols: bool,
    /// Machine of the objects, as the first part of a triple; empty is `x86_64`.
    pub machine: String,
}

/// Links `inputs` into one shared object.
///
/// # Errors
/// lld's words, or a file that can not be read or written.
pub fn link_shared(inputs: &[LinkInput], options: &LinkOptions) -> Result<Vec<u8>, LlvmError> {
    let linked = link(inputs, options);
    if linked.is_err() {
        scratch::wait_if_ending();
    }
    linked
}

fn link(inputs: &[LinkInput], options: &LinkOptions) -> Result<Vec<u8>, LlvmError> {
    let folder = Folder::new()?;
    let output = folder.0.join("linked.so");
    let mut arguments = vec![
        "ld.lld".to_owned(),
        "-shared".to_owned(),
        "--hash-style=gnu".to_owned(),
        "--gc-sections".to_owned(),
        "-Bsymbolic".to_owned(),
        "-znow".to_owned(),
        "-zrelro".to_owned(),
        // The objects are small; threads cost more than they bring, and several links may wait for each other.
        "--threads=1".to_owned(),
        "-o".to_owned(),
        output.display().to_string(),
    ];
    if !options.allow_undefined {
        arguments.push("--unresolved-symbols=report-all".to_owned());
    }
    if !options.keep_symbols {
        arguments.push("--strip-all".to_owned());
    }
    if let Some(soname) = &options.soname {
        arguments.push(format!("-soname={soname}"));
    }
    if !options.exports.is_empty() {
        let script = folder.0.join("exports.map");
        let names: String = options.exports.iter().map(|name| format!("    \"{name}\";\n")).collect();
        write(&script, format!("{{\n  global:\n{names}  local: *;\n}};\n").as_bytes())?;
        arguments.push(format!("--version-script={}", script.display()));
        arguments.push("--no-undefined-version".to_owned());
        // An export that lives in an archive member is pulled in by its name.
        arguments.extend(options.exports.iter().map(|name| format!("--undefined={name}")));
    }
    for (index, input) in inputs.iter().enumerate() {
        match input {
            LinkInput::File(path) => arguments.push(path.display().to_string()),
            LinkInput::Bytes { name, data } => {
                // A folder for each input keeps equal names apart and the messages readable.
                let place = folder.0.join(index.to_string());
                fs::create_dir(&place).map_err(|source| file_error(&place, source))?;
                let base = Path::new(name).file_name().map_or("object.o".into(), |n| n.to_owned());
                let path = place.join(base);
                write(&path, data)?;
                arguments.push(path.display().to_string());
            }
        }
    }
    for library in &options.needed {
        let path = folder.0.join(library);
        write(&path, &stub(library, emulation(&options.machine), &folder.0)?)?;
        arguments.push("--no-as-needed".to_owned());
        arguments.push(path.display().to_string());
    }
    lld(&arguments).map_err(|error| shorten(error, &folder.0))?;
    fs::read(&output).map_err(|source| file_error(&output, source))
}

/// An empty library with that soname: enough for lld to write DT_NEEDED; symbols are found at load time. It is linked
/// once in a process.
fn stub(library: &str, emulation: &str, folder: &Path) -> Result<Vec<u8>, LlvmError> {
    static MADE: Mutex<Vec<(String, Vec<u8>)>> = Mutex::new(Vec::new());
    let name = format!("{library} {emulation}");
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, bytes)) = made.iter().find(|(known, _)| *known == name) {
        return Ok(bytes.clone());
    }
    let (nothing, path) = (folder.join("empty.a"), folder.join("stub.so"));
    write(&nothing, b"!<arch>\n")?;
    lld(&[
        "ld.lld".to_owned(),
        "-shared".to_owned(),
        format!("-soname={library}"),
        "-o".to_owned(),
        path.display().to_string(),
        format!("-m{emulation}"),
        nothing.display().to_string(),
    ])
    .map_err(|error| shorten(error, folder))?;
    let bytes = fs::read(&path).map_err(|source| file_error(&path, source))?;
    made.push((name, bytes.clone()));
    Ok(bytes)
}

/// lld's name for shared objects of a machine.
fn emulation(machine: &str) -> &str {
    match machine {
        "" | "x86_64" => "elf_x86_64",
        "aarch64" => "aarch64linux",
        "arm" | "armv7" | "armv7a" => "armelf_linux_eabi",
        "i386" | "i686" => "elf_i386",
        "riscv64" => "elf64lriscv",
        "riscv32" => "elf32lriscv",
        other => other,
    }
}

/// Runs lld; its words are the error.
fn lld(arguments: &[String]) -> Result<(), LlvmError> {
    unsafe extern "C" fn collect(user: *mut c_void, text: Str) {
        // SAFETY: `user` is the String below, and lld gives a live text.
        unsafe {
            let into = &mut *user.cast::<String>();
            into.push_str(&String::from_utf8_lossy(std::slice::from_raw_parts(text.ptr, text.len)));
        }
    }
    let owned = arguments.iter().map(|text| c_string(text)).collect::<Result<Vec<CString>, _>>()?;
    let raw: Vec<*const c_char> = owned.iter().map(|text| text.as_ptr()).collect();
    let mut said = String::new();
    // SAFETY: the arguments are NUL-terminated and outlive the call; the sink gets the String above.
    let code = unsafe { roptLldLink(raw.len(), raw.as_ptr(), collect, std::ptr::from_mut(&mut said).cast()) };
    match code {
        0 => Ok(()),
        2 if said.is_empty() => Err(LlvmError::LinkerGone),
        _ => Err(LlvmError::Link { message: said.trim_end().to_owned() }),
    }
}

/// Takes the temporary folder's name out of lld's words: a reader knows the inputs by their names.
fn shorten(error: LlvmError, folder: &Path) -> LlvmError {
    let LlvmError::Link { message } = error else { return error };
    let prefix = format!("{}/", folder.display());
    let mut short = String::new();
    for (index, part) in message.split(&prefix).enumerate() {
        let part = if index == 0 {
            part
        } else {
            part.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('/')
        };
        short.push_str(part);
    }
    LlvmError::Link { message: short.replace("ld.lld: ", "") }
}

fn write(path: &Path, data: &[u8]) -> Result<(), LlvmError> {
    fs::write(path, data).map_err(|source| file_error(path, source))
}

fn file_error(path: &Path, source: std::io::Error) -> LlvmError {
    LlvmError::File { path: path.to_owned(), source }
}
