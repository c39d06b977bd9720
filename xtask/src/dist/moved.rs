//! Moves a distribution to a folder that no build has seen, and uses it there.

use std::{fs, path::Path, process::Command};

use super::remove;
use crate::{
    error::{Error, Result},
    process::{output, root, run},
};

/// Compiles, lists and runs with a bare environment; every library of ours must come out of the moved tree.
pub(super) fn check(tree: &Path) -> Result<()> {
    let place = std::env::temp_dir().join(format!("moved ropt {}", std::process::id()));
    remove(&place)?;
    let outcome = run(Command::new("cp").arg("-r").arg(tree).arg(&place)).and_then(|()| use_it(&place));
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
