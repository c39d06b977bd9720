//! The self-test at each start: a libropt_mlir.so whose parts come from different compilers is refused.
//!
//! MLIR finds an op's traits by ids that it makes of the compiler's own spelling of type names. The part of the library
//! that asks is compiled again, by g++ or by the right clang++, and loaded before it, as if the library had been built so.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

const CORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../core/mlir");

/// Runs ropt on an empty module with the self-test as this compiler makes it.
fn run_with(compiler: &str) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let library: PathBuf = folder.path().join("self-test.so");
    let prefix = std::env::var("ROPT_LLVM_PREFIX").unwrap_or("/usr/lib/llvm-22".into());
    let made = Command::new(compiler)
        .args(["-std=c++17", "-DNDEBUG", "-O0", "-fPIC", "-fno-exceptions", "-shared"])
        .arg(format!("-isystem{prefix}/include"))
        .args([format!("-I{CORE}/dialects"), format!("-I{CORE}/shim"), format!("{CORE}/shim/SelfTest.cpp")])
        .arg("-o")
        .arg(&library)
        .output()
        .unwrap_or_else(|error| panic!("{compiler}: {error}; `cargo xtask setup` installs it"));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let input = folder.path().join("in.mlir");
    std::fs::write(&input, "module {}\n").expect("the input is written");
    let mut ropt = Command::new(env!("CARGO_BIN_EXE_ropt"));
    ropt.arg(Path::new(&input)).env("LD_PRELOAD", &library).output().expect("ropt runs")
}

#[test]
fn parts_of_another_compiler_are_refused() {
    let output = run_with("g++");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let sentence = "error: libropt_mlir.so is broken: ropt's code and MLIR's do not mean the same by an op's traits: they \
                    were built by different compilers (clang++ 22 is required)";
    assert!(errors.contains(sentence), "{errors}");
    assert!(errors.contains("help: rebuild ropt with clang++ 22"), "{errors}");
    assert!(output.stdout.is_empty(), "nothing is printed");
}

#[test]
fn parts_of_the_same_compiler_fit() {
    let output = run_with(&std::env::var("ROPT_CXX").unwrap_or("clang++-22".into()));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{errors}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("module"), "{errors}");
}
