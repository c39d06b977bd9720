//! The backend outside of the workspace, examples/emitc, as a stranger builds, checks and uses it.

use std::{fs, path::Path, process::Command};

use super::{copy, moved};
use crate::{
    counts::{Counts, Runner},
    error::{Error, Result},
    process::{output, root, run, stream},
    venv,
};

/// The words with which the target refuses what C has no type for.
const REFUSED: &str = "have no portable C type";

/// Builds both plugins out of the tree at `place`, runs their tests, ropt's conformance suite, and the corpus of programs on the backend.
pub(super) fn check(place: &Path) -> Result<(bool, Counts)> {
    let folder = place.join("sdk/examples/emitc");
    let mut tool = Command::new(place.join("bin/ropt"));
    let config = output(tool.args(["plugins", "sdk-path", "--cargo-config"]))?;
    let path = folder.join(".cargo/config.toml");
    fs::create_dir_all(folder.join(".cargo")).map_err(Error::file("make", &path))?;
    fs::write(&path, config).map_err(Error::file("write", &path))?;
    copy(&place.join("sdk/Cargo.lock"), &folder.join("Cargo.lock"))?;
    run(&mut moved::build(&folder, "build"))?;
    // The driver links no MLIR, so its own tests run anywhere.
    let mut tests = moved::build(&folder, "test");
    let mut counts = Counts::default();
    let mut success = stream(tests.args(["--package", "portable-c-driver"]), |line| counts.read(Runner::Cargo, line))?;
    success &= stream(&mut moved::lit(place, &folder)?, |line| counts.read(Runner::Lit, line))?;

    let plugins = place.join("plugins");
    for name in ["libportable_c_target.so", "libportable_c_driver.so"] {
        copy(&moved::outside().join("release").join(name), &plugins.join(name))?;
    }
    let both = ["libportable_c_target.so", "libportable_c_driver.so"].map(|name| plugins.join(name));
    let mut check = Command::new(place.join("bin/ropt"));
    success &= stream(check.args(["plugins", "check"]).args(both), |line| counts.read(Runner::Plain, line))?;
    let mut corpus = Command::new(venv::tests()?.join("python"));
    corpus.arg(root().join("tests/e2e/run.py")).arg("--ropt").arg(place.join("bin"));
    corpus.args(["--target=portable-c", "--may-refuse", REFUSED]).env("ROPT_PLUGIN_PATH", &plugins);
    success &= stream(&mut corpus, |line| counts.read(Runner::Plain, line))?;
    Ok((success, counts))
}
