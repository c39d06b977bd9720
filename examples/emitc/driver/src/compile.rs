//! C text → ELF library, by `$CC` or `cc`.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use ropt_driver::{
    driver::{DriverError, DriverResult},
    ropt_abi::kernel::HEADER,
};

/// What is asked of the compiler without further flags. C's own rules for floating point: no contraction, no reordering.
const FLAGS: [&str; 6] = ["-std=c11", "-O2", "-ffp-contract=off", "-fPIC", "-shared", "-w"];

/// Lines of the compiler's words that an error repeats.
const WORDS: usize = 12;

/// A C compiler and the flags it is called with.
pub(crate) struct Compiler {
    pub(crate) program: String,
    /// As it says of itself, on one line.
    pub(crate) version: String,
    flags: Vec<String>,
}

impl Compiler {
    /// The compiler that `CC` names, or `cc`, with flags that it takes.
    pub(crate) fn find(flags: &str) -> DriverResult<Self> {
        let program = std::env::var("CC").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "cc".to_owned());
        let asked = Command::new(&program).arg("--version").stdin(Stdio::null()).output();
        let asked = asked.map_err(|error| {
            DriverError::new(format!(
                "cannot run the C compiler `{program}`: {error}; install one (Debian: gcc), or name one with CC"
            ))
        })?;
        let version = String::from_utf8_lossy(&asked.stdout).lines().next().unwrap_or_default().to_owned();
        let flags: Vec<_> = flags.split_whitespace().map(str::to_owned).collect();
        if let Some(word) = flags.iter().find(|flag| !flag.starts_with('-')) {
            return Err(DriverError::new(format!(
                "`{word}` is no flag of a C compiler; the device's options are such flags: --device='cc:-O3 -march=native'"
            )));
        }
        let compiler = Self { program, version, flags };
        if !compiler.flags.is_empty() {
            let refused = |reason| DriverError::new(format!("the device's options cannot be used: {reason}"));
            compiler.library(b"").map_err(refused)?;
        }
        Ok(compiler)
    }

    /// The library of a C text. `name` is for messages.
    pub(crate) fn compile(&self, name: &str, text: &[u8]) -> DriverResult<Vec<u8>> {
        let failed = |reason| DriverError::new(format!("cannot compile executable '{name}': {reason}"));
        self.library(text).map_err(failed)
    }

    /// The library of a C text, or why there is none.
    fn library(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        let folder = Folder::new().map_err(|error| format!("no temporary folder: {error}"))?;
        let (header, library) = (folder.0.join("ropt/kernel.h"), folder.0.join("kernels.so"));
        fs::create_dir(folder.0.join("ropt"))
            .and_then(|()| fs::write(&header, HEADER))
            .map_err(|error| format!("its header cannot be written: {error}"))?;
        let done = self.run(&folder.0, &library, text).map_err(|error| format!("{}: {error}", self.program))?;
        if !done.status.success() {
            let words = String::from_utf8_lossy(&done.stderr);
            let words: Vec<_> = words.lines().take(WORDS).collect();
            return Err(format!("`{}` ended with {}:\n{}", self.program, done.status, words.join("\n")));
        }
        fs::read(&library).map_err(|error| format!("its library cannot be read: {error}"))
    }

    fn run(&self, folder: &Path, library: &Path, text: &[u8]) -> std::io::Result<Output> {
        let mut command = Command::new(&self.program);
        command.args(FLAGS).args(&self.flags).arg("-I").arg(folder);
        command.args(["-x", "c", "-", "-o"]).arg(library).arg("-lm");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // A compiler that ends early has said why; that is the error to show.
            let _ = input.write_all(text);
        }
        child.wait_with_output()
    }
}

/// A temporary folder of this process, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("ropt-cc-{}-{number}", std::process::id()));
        // It must not be there: somebody else could have put it there.
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_text_is_named_with_the_compilers_words() {
        let compiler = Compiler::find("").expect("the tests need a C compiler");
        let error = compiler.compile("broken", b"int f( {").expect_err("no C").to_string();
        assert!(error.starts_with("cannot compile executable 'broken': `"), "{error}");
        assert!(error.contains("error:"), "{error}");
        let whole = compiler.compile("whole", b"#include <ropt/kernel.h>\nROPT_KERNEL(k) { return 0; }\n");
        assert!(whole.expect("C").starts_with(b"\x7fELF"));
    }
}
