//! `cargo xtask bench [NAME…]`: the comparisons under benchmarks/, with the tools they compare with.

use crate::{
    error::Result,
    process::{cargo, command, release, root, run as run_command},
    setup, venv,
};

/// Builds, makes the environment with IREE in it, and runs the named benchmarks (all of them without a name).
pub(crate) fn run(names: &[&str]) -> Result<()> {
    setup::run()?;
    run_command(cargo().args(["build", "--release", "--workspace", "--quiet"]))?;
    let bin = venv::benchmarks()?;
    let mut python = command(bin.join("python"));
    python.arg(root().join("benchmarks/run.py")).arg("--ropt").arg(release()).arg("--iree").arg(bin).args(names);
    run_command(&mut python)
}
