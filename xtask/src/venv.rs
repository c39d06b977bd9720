//! Python's virtual environments under the target folder: one for the tests, one for comparisons with IREE.

use std::{fs, path::PathBuf};

use crate::{
    error::{Error, Result},
    process::{command, root, run, target},
};

/// The tests' environment: numpy and lit.
pub(crate) fn tests() -> Result<PathBuf> {
    ensure("venv", "tests/e2e/requirements.txt")
}

/// The benchmarks' environment: IREE's compiler and runtime as well.
pub(crate) fn benchmarks() -> Result<PathBuf> {
    ensure("venv-bench", "benchmarks/requirements.txt")
}

/// Makes the environment unless it was made from the same requirements; returns its `bin` folder.
fn ensure(name: &str, requirements: &str) -> Result<PathBuf> {
    let folder = target().join(name);
    let stamp = folder.join("requirements.txt");
    let path = root().join(requirements);
    let wanted = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let bin = folder.join("bin");
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == wanted) {
        return Ok(bin);
    }
    println!(
        "setup: installing {} into {}",
        wanted.split_whitespace().collect::<Vec<_>>().join(", "),
        folder.display()
    );
    run(command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(command(bin.join("python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--requirement".as_ref(), path.as_os_str()]))?;
    fs::write(&stamp, wanted).map_err(Error::file("write", &stamp))?;
    Ok(bin)
}
