//! Builds test programs with the C compiler and runs the tool on them.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use tempfile::TempDir;

/// The tool under test.
pub(crate) const TOOL: &str = env!("CARGO_BIN_EXE_ropt-run");

/// Functions of `programs/program.c`: name, arguments, results.
const FUNCTIONS: [(&str, &[&str], &[&str]); 17] = [
    ("add", &["tensor<?xf32>", "tensor<?xf32>"], &["tensor<?xf32>"]),
    ("scale", &["tensor<8xf32>", "f32", "i1"], &["tensor<8xf32>", "f32", "index"]),
    ("ids", &[], &["tensor<3x2x4xi32>"]),
    ("fails", &[], &["tensor<1xi32>"]),
    ("scratch", &[], &["tensor<1xi32>"]),
    ("segfaults", &[], &["tensor<1xi32>"]),
    ("divides", &[], &["tensor<1xi32>"]),
    ("overflows", &[], &["tensor<1xi32>"]),
    ("aborts", &[], &["tensor<1xi32>"]),
    ("constant", &[], &["i32"]),
    ("lost", &[], &[]),
    ("waits", &[], &[]),
    ("double_release", &[], &[]),
    ("unset", &[], &["tensor<4xf32>"]),
    ("huge", &[], &[]),
    ("batches", &["i32"], &[]),
    ("missing", &[], &[]),
];

/// Exports of `programs/kernels.c` in the order of their ordinals: name, constants, bindings.
const EXPORTS: [(&str, u32, usize); 9] = [
    ("add", 0, 3),
    ("scale", 1, 2),
    ("ids", 0, 1),
    ("fails", 0, 1),
    ("scratch", 0, 1),
    ("segfaults", 0, 1),
    ("divides", 0, 1),
    ("overflows", 0, 1),
    ("aborts", 0, 1),
];

/// A folder with a program and whatever a test adds.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) program: PathBuf,
}

impl Fixture {
    /// The program of `programs/`, built once a test binary and copied.
    pub(crate) fn new() -> Self {
        static BUILT: OnceLock<Vec<u8>> = OnceLock::new();
        let bytes = BUILT.get_or_init(|| {
            let folder = TempDir::new().expect("a folder");
            let kernels = compile_kernels(folder.path(), &[]);
            std::fs::read(compile_program(folder.path(), &manifest(&kernels), &kernels)).expect("was built")
        });
        let folder = TempDir::new().expect("a folder");
        let program = folder.path().join("program.so");
        std::fs::write(&program, bytes).expect("writable");
        Self { folder, program }
    }

    /// Another program in the folder: its kernels are compiled with `-D` and these, its manifest is changed by `edit`.
    pub(crate) fn other(&self, name: &str, defines: &[&str], edit: impl FnOnce(String) -> String) -> PathBuf {
        let folder = TempDir::new().expect("a folder");
        let kernels = compile_kernels(folder.path(), defines);
        let program = compile_program(folder.path(), &edit(manifest(&kernels)), &kernels);
        std::fs::copy(program, self.path(name)).expect("writable");
        self.path(name)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `ropt-run COMMAND PROGRAM ARGUMENTS…`.
    pub(crate) fn run(&self, command: &str, arguments: &[&str]) -> Ran {
        tool(command, &self.program, arguments)
    }
}

/// What the tool did.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Stdout, when the tool succeeded.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.stdout
    }

    /// Stderr, when the tool failed with this exit code and a message.
    pub(crate) fn fails_with(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        self.stderr
    }
}

impl Ran {
    /// The command line was refused, with this in the message.
    pub(crate) fn refused(self, why: &str) {
        let stderr = self.fails_with(2);
        assert!(stderr.contains(why), "{stderr}");
    }
}

pub(crate) fn tool(command: &str, program: &Path, arguments: &[&str]) -> Ran {
    // A program that hangs ends with exit code 124, which no test expects.
    let mut tool = Command::new("timeout");
    tool.args(["60", TOOL]).arg(command).arg(program).args(arguments).env("ROPT_PLUGIN_PATH", driver());
    ran(tool.output().expect("the tool starts"))
}

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// The CPU driver, which cargo does not build for this package's tests by itself.
pub(crate) fn driver() -> &'static Path {
    static DRIVER: OnceLock<PathBuf> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let folder = Path::new(TOOL).parent().expect("lies in a folder");
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--quiet", "--package=ropt-driver-cpu", "--package=ropt-wrong-driver", "--target-dir"])
            .arg(folder.join(".."));
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo starts").success());
        folder.join("libropt_driver_cpu.so")
    })
}

fn include() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/abi/include")
}

fn cc(source: &Path, output: &Path, defines: &[String]) {
    let mut cc = Command::new(env::var("CC").unwrap_or_else(|_| "cc".to_owned()));
    cc.args(["-O1", "-fPIC", "-shared", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-infinite-recursion"]);
    cc.arg("-I").arg(include()).args(defines).arg(source).arg("-o").arg(output).arg("-lm");
    let output = cc.output().expect("a C compiler is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(name)
}

pub(crate) fn compile_kernels(folder: &Path, defines: &[&str]) -> PathBuf {
    let library = folder.join("kernels.so");
    let defines: Vec<String> = defines.iter().map(|define| format!("-D{define}")).collect();
    cc(&source("kernels.c"), &library, &defines);
    library
}

/// Links a program from a manifest and a binary.
pub(crate) fn compile_program(folder: &Path, manifest: &str, binary: &Path) -> PathBuf {
    let (json, program) = (folder.join("manifest.json"), folder.join("program.so"));
    std::fs::write(&json, manifest).expect("writable");
    let defines = [format!("-DMANIFEST=\"{}\"", json.display()), format!("-DBINARY=\"{}\"", binary.display())];
    cc(&source("program.c"), &program, &defines);
    program
}

/// The manifest of the test program; `missing` has no symbol, so it is left out.
pub(crate) fn manifest(binary: &Path) -> String {
    let quoted = |items: &[&str]| items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>().join(",");
    let functions: Vec<_> = FUNCTIONS
        .iter()
        .filter(|(name, ..)| *name != "missing")
        .map(|(name, arguments, results)| {
            format!(
                r#"{{"name":"{name}","symbol":"ropt_fn_{name}","arguments":[{}],"results":[{}]}}"#,
                quoted(arguments),
                quoted(results)
            )
        })
        .collect();
    let exports: Vec<_> = EXPORTS
        .iter()
        .enumerate()
        .map(|(ordinal, (name, constants, bindings))| {
            let bindings = vec!["storage_buffer"; *bindings];
            format!(
                r#"{{"name":"{name}","ordinal":{ordinal},"constants":{constants},"bindings":[{}]}}"#,
                quoted(&bindings)
            )
        })
        .collect();
    let size = std::fs::metadata(binary).expect("was built").len();
    let format = if cfg!(target_arch = "x86_64") { "embedded-elf-x86_64" } else { "embedded-elf-arm_64" };
    format!(
        r##"{{"version":1,"module":"test","producer":"by hand","functions":[{}],"executables":[{{"name":"kernels",
        "variants":[{{"name":"cpu","backend":"llvm-cpu","format":"{format}","data":"ropt_exe_0_0","size":{size},
        "target":"#hal.executable.target<\"llvm-cpu\", \"{format}\">","exports":[{}]}}]}}]}}"##,
        functions.join(","),
        exports.join(",")
    )
}
