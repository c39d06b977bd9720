//! `cargo xtask test`: the whole check, from a machine that may have nothing but cargo.

use crate::{
    counts::{Counts, Runner},
    dist,
    error::{Error, Result},
    foreign, other_mlir,
    process::{cargo, command, release, root, run as run_command, stream, succeeds, target},
    setup,
    steps::Steps,
};
use std::path::PathBuf;

/// Takes every step, or those that are named, goes on after a failure where that can still tell something, prints a
/// table, and ends with the totals.
pub(crate) fn run(wanted: &[&str]) -> Result<()> {
    let mut steps = Steps::new(wanted);
    if steps.take("setup", || setup::run().and_then(|()| setup::second_compiler())) {
        checks(&mut steps);
    }
    steps.print();
    let totals = steps.totals();
    if let Some((name, known)) = steps.unknown() {
        return Err(Error::Wrong(format!("no step of the tests is named `{name}`\n  help: there are `{known}`")));
    }
    println!("\n{} passed, {} failed", totals.passed, totals.failed);
    if totals.failed == 0 { Ok(()) } else { Err(Error::Tests) }
}

fn checks(steps: &mut Steps) {
    steps.take("format", || run_command(cargo().args(["fmt", "--all", "--check"])));
    let built = steps.take("build", || run_command(cargo().args(["build", "--release", "--workspace", "--quiet"])));
    if !built {
        return;
    }
    steps.take("clippy", || {
        let mut clippy = cargo();
        clippy.args(["clippy", "--release", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"]);
        run_command(&mut clippy)
    });
    steps.take("rustdoc", || {
        let mut doc = cargo();
        doc.args(["doc", "--release", "--workspace", "--no-deps", "--keep-going", "--quiet"]);
        run_command(doc.env("RUSTDOCFLAGS", "--deny warnings"))
    });
    if succeeds(cargo().args(["deny", "--version"])) {
        steps.take("deny", || {
            run_command(cargo().args(["deny", "--all-features", "check", "bans", "licenses", "sources"]))
        });
    } else {
        steps.skip("deny", "cargo-deny is not installed; tests/house checks the licences of deny.toml");
    }
    steps.take_counted("cargo test", || {
        counted(Runner::Cargo, cargo().args(["test", "--release", "--workspace", "--no-fail-fast", "--quiet"]))
    });
    steps.take_counted("hostile", || {
        let mut tests = command(target().join("venv/bin/python"));
        tests.arg(root().join("tests/hostile/run.py")).arg("--ropt").arg(release());
        counted(Runner::Plain, &mut tests)
    });
    steps.take_counted("foreign", foreign::test);
    steps.take_counted("conformance", || {
        let mut check = command(release().join("ropt"));
        counted(Runner::Plain, check.args(["plugins", "check"]).args(plugins()?))
    });
    steps.take("other MLIR", other_mlir::make);
    steps.take_counted("lit", || {
        let mut lit = command(target().join("venv/bin/lit"));
        lit.args(["--succinct", "-v", "tests/lit"]).env("ROPT_BIN_DIR", release());
        counted(Runner::Lit, &mut lit)
    });
    let suites: [(&str, &str, &[&str]); 9] = [
        ("e2e", "run.py", &[]),
        ("e2e on Vulkan", "run.py", &["--target=vulkan-spirv"]),
        ("random ops", "random_ops.py", &[]),
        ("accuracy on Vulkan", "accuracy.py", &[]),
        ("benchmarks", "benchmarks.py", &[]),
        ("round trips", "round_trips.py", &[]),
        ("bad input", "bad_input.py", &[]),
        ("interrupted", "interrupted.py", &[]),
        ("damaged files", "mutations.py", &[]),
    ];
    for (name, script, options) in suites {
        steps.take_counted(name, || {
            let mut tests = command(target().join("venv/bin/python"));
            tests.arg(root().join("tests/e2e").join(script)).arg("--ropt").arg(release()).args(options);
            counted(Runner::Plain, &mut tests)
        });
    }
    steps.take("dist", dist::check);
    steps.take_counted("book", dist::book);
    steps.take_counted("emitc", dist::backend);
}

/// Every plugin of ours that was built, for `ropt plugins check`.
fn plugins() -> Result<Vec<PathBuf>> {
    let folder = release();
    let entries = std::fs::read_dir(&folder).map_err(|error| Error::Wrong(format!("{}: {error}", folder.display())))?;
    let none = ["libropt_mlir.so", "libropt_plugin_derive.so"];
    let named = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("libropt_") && name.ends_with(".so") && !none.contains(&name.as_ref())
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(named).collect();
    files.sort();
    Ok(files)
}

/// Runs a test runner and adds up what its closing lines say.
fn counted(runner: Runner, tests: &mut std::process::Command) -> Result<(bool, Counts)> {
    let mut counts = Counts::default();
    let success = stream(tests, |line| counts.read(runner, line))?;
    Ok((success, counts))
}
