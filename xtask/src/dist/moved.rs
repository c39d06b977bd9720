//! Moves a distribution to a folder that no build has seen, and uses it there.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use super::remove;
use crate::{
    error::{Error, Result},
    process::{cargo, output, root, run, target},
    venv,
};

/// Compiles, lists and runs with a bare environment; every library of ours must come out of the moved tree.
pub(super) fn check(tree: &Path) -> Result<()> {
    moved(tree, use_it)
}

/// Does something with the tree in a folder that no build has seen.
pub(super) fn moved<T>(tree: &Path, work: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let place = std::env::temp_dir().join(format!("moved ropt {}", own_number()));
    remove(&place)?;
    let outcome = run(Command::new("cp").arg("-r").arg(tree).arg(&place)).and_then(|()| work(&place));
    remove(&place)?;
    outcome
}

fn use_it(place: &Path) -> Result<()> {
    let tool = |name: &str| {
        let mut command = Command::new(place.join("bin").join(name));
        command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(place);
        command
    };
    let loaded = output(tool("ropt").env("LD_TRACE_LOADED_OBJECTS", "1"))?;
    let wanted = place.join("lib").display().to_string();
    let ours = loaded.lines().find(|line| line.contains("libropt_mlir.so")).unwrap_or("no libropt_mlir.so at all");
    let canonical = fs::canonicalize(&wanted).map_or(wanted.clone(), |path| path.display().to_string());
    if !ours.replace("/bin/../lib", "/lib").contains(&canonical) {
        return Err(Error::Wrong(format!("the moved bin/ropt loads {}, expected one under {wanted}", ours.trim())));
    }

    let plugins = output(tool("ropt").args(["plugins", "list"]))?;
    if plugins.contains(&*root().to_string_lossy()) || !plugins.contains("substitute") {
        return Err(Error::Wrong(format!("the moved bin/ropt lists other plugins than its own:\n{plugins}")));
    }

    let source = root().join("tests/e2e/programs/matmul.mlir");
    run(tool("ropt").arg("compile").arg(source).args(["--target=llvm-cpu", "-o", "matmul.so"]))?;
    let inputs = ["--input=64x128xf32=2", "--input=128x32xf32=0.5"];
    let printed = output(tool("ropt-run").args(["run", "matmul.so", "--function=main"]).args(inputs))?;
    // 128 products of 2 and 0.5.
    if !printed.contains("64x32xf32=") || !printed.contains("128 128 128") {
        return Err(Error::Wrong(format!("the moved tools computed something else than 128 everywhere:\n{printed}")));
    }
    println!("dist: runs from {}", place.display());
    Ok(())
}

/// Cargo on a crate outside of the workspace, offline, into a target folder that all such crates share.
pub(super) fn build(folder: &Path, what: &str) -> Command {
    let mut build = cargo();
    build.args([what, "--release", "--offline", "--quiet"]).current_dir(folder).env("CARGO_TARGET_DIR", outside());
    // What is asked is whether the plugin builds and loads, not how fast it is.
    build.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    // The crate's own configuration says where everything is, not this repository's.
    for variable in ["MLIR_SYS_220_PREFIX", "ROPT_MLIR_BUILD_DIR", "ROPT_MLIR_LIB_DIR"] {
        build.env_remove(variable);
    }
    build
}

/// The target folder of crates outside of the workspace. Build scripts keep the paths that they were given, so a copy of
/// this folder elsewhere begins a new one.
pub(super) fn outside() -> PathBuf {
    target().join("new-plugin").join(own_number())
}

/// The same for every run of this repository, another for each place that it lies in.
fn own_number() -> String {
    let mut hasher = DefaultHasher::new();
    root().hash(&mut hasher);
    format!("{:x}", hasher.finish())
}

/// The crate's own tests, with the moved tree's tools.
pub(super) fn lit(place: &Path, folder: &Path) -> Result<Command> {
    let mut lit = Command::new(venv::tests()?.join("lit"));
    lit.args(["-v", "tests"]).current_dir(folder).env("CARGO_TARGET_DIR", outside());
    lit.env("ROPT_BIN_DIR", place.join("bin"));
    Ok(lit)
}
