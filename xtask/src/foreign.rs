//! A plugin as a vendor makes it: outside of this workspace, with a compiler that need not be the host's.
//!
//! The tests' plugin is copied to a temporary folder with a Cargo.toml of its own and built by every other rustc of this
//! machine, offline, from the crates that the workspace's lock file names. Each must load into the host, run, and be
//! listed with the compiler that made it. `ages` does the same with SDKs of other ABI numbers, and with a target and a driver.

mod ages;
mod backend;
mod patch;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    counts::Counts,
    error::{Error, Result},
    process::{cargo, command, output, release, root, target},
};

/// A compiler of this machine.
struct Compiler {
    /// As `rustc --version` says.
    version: String,
    path: PathBuf,
}

/// Builds, loads and runs the plugin with each compiler; a compiler is a test.
pub(crate) fn test() -> Result<(bool, Counts)> {
    let own = version(Path::new("rustc"))?;
    let mut compilers = others(&own);
    if compilers.is_empty() {
        println!("no other rustc than the host's is here (`rustup toolchain install nightly`, or Debian's rustc-web)");
        compilers.push(Compiler { version: own.clone(), path: "rustc".into() });
    }
    println!("the host is built by {own}");
    let mut counts = Counts::default();
    for compiler in &compilers {
        println!("building the plugin with {} (the first time this takes a minute or two)", compiler.version);
        count(&mut counts, &format!("a plugin built by {}", compiler.version), check(compiler));
    }
    ages::test(&mut counts)?;
    Ok((counts.failed == 0, counts))
}

fn count(counts: &mut Counts, what: &str, done: Result<()>) {
    match done {
        Ok(()) => {
            println!("ok    {what} loads and runs");
            counts.passed += 1;
        }
        Err(error) => {
            println!("FAIL  {what}: {error}");
            counts.failed += 1;
        }
    }
}

/// Every rustc of rustup's toolchains and of the system that is another version than ours, and that the SDK's minimum
/// allows.
fn others(own: &str) -> Vec<Compiler> {
    let mut paths = vec![PathBuf::from("/usr/bin/rustc"), PathBuf::from("/usr/local/bin/rustc")];
    let toolchains = output(command("rustup").args(["toolchain", "list", "--quiet"])).unwrap_or_default();
    for toolchain in toolchains.lines().filter_map(|line| line.split_whitespace().next()) {
        let path = output(command("rustup").args(["which", "--toolchain", toolchain, "rustc"])).unwrap_or_default();
        paths.push(path.trim().into());
    }
    let mut found: Vec<Compiler> = Vec::new();
    for path in paths.into_iter().filter(|path| path.is_file()) {
        let Ok(version) = version(&path) else { continue };
        if version == own || found.iter().any(|compiler| compiler.version == version) {
            continue;
        }
        if minor(&version) < minor(concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"))) {
            println!("passed over: {version} is older than the SDK's {}", env!("CARGO_PKG_RUST_VERSION"));
            continue;
        }
        found.push(Compiler { version, path });
    }
    found
}

fn version(rustc: &Path) -> Result<String> {
    output(command(rustc).arg("--version")).map(|text| text.trim().to_owned())
}

/// `rustc 1.96.0 (…)` → (1, 96).
fn minor(version: &str) -> (u32, u32) {
    let number = version.split_whitespace().nth(1).unwrap_or_default();
    let mut parts = number.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

fn check(compiler: &Compiler) -> Result<()> {
    let slug: String = compiler.version.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let path = root().join(PROBE);
    let probe = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let build = Build { sdk: root(), rustc: &compiler.path, out: &slug, library: None };
    // `ropt plugins show` prints the version without the commit.
    accepted(&build.run(PASSES, &probe)?, compiler.version.split(" (").next().unwrap_or_default())
}

/// The plugin is listed with `said`, and its pass runs.
fn accepted(plugin: &Path, said: &str) -> Result<()> {
    let load = format!("--load-plugin={}", plugin.display());
    let shown = output(ropt().args(["plugins", "show", "probe", &load]))?;
    expect("ropt plugins show probe", &shown, said)?;
    let input = plugin.with_file_name("in.mlir");
    fs::write(&input, "func.func @f() {\n  return\n}\n").map_err(Error::file("write", &input))?;
    let pipeline = "--pass-pipeline=builtin.module(canonicalize,func.func(probe-options{integer=7 texts=a,b}))";
    let mut run = ropt();
    run.arg(&input).args([&load, pipeline]);
    let done = run.output().map_err(|source| Error::Start { program: "ropt".into(), source })?;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    expect("ropt with the plugin's pass", &said, "integer=7 natural=18446744073709551615 real=0.1")?;
    expect("ropt with the plugin's pass", &String::from_utf8_lossy(&done.stdout), "func.func @f")
}

fn ropt() -> Command {
    command(release().join("ropt"))
}

fn expect(what: &str, text: &str, wanted: &str) -> Result<()> {
    if text.contains(wanted) {
        return Ok(());
    }
    Err(Error::Output { command: what.to_owned(), what: format!("no `{wanted}` in\n{text}") })
}

/// The source of the tests' plugin.
const PROBE: &str = "tests/plugins/probe/src/lib.rs";

/// What a plugin is called, and the crate of the SDK that it is written with.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    sdk: &'static str,
    folder: &'static str,
}

const PASSES: Kind = Kind { name: "vendor-probe", sdk: "ropt-plugin", folder: "core/plugin" };

/// How plugins of one file are built as a stranger does.
#[derive(Clone, Copy)]
struct Build<'a> {
    /// The folder that has the SDK at `core/plugin`.
    sdk: &'a Path,
    /// The compiler.
    rustc: &'a Path,
    /// The folder of what is built, under `target/foreign`.
    out: &'a str,
    /// The folder of the `libropt_mlir.so` to link, where the SDK must not build one.
    library: Option<&'a Path>,
}

impl Build<'_> {
    /// The dylib that becomes of the source.
    fn run(&self, kind: Kind, source: &str) -> Result<PathBuf> {
        let folder = std::env::temp_dir().join(format!("ropt-foreign-{}", std::process::id()));
        let built = self.run_in(&folder, kind, source);
        // Only sources and a lock file; what was built lies in our target folder.
        let _ = fs::remove_dir_all(&folder);
        built
    }

    fn run_in(&self, folder: &Path, kind: Kind, source: &str) -> Result<PathBuf> {
        let sources = folder.join("src");
        fs::create_dir_all(&sources).map_err(Error::file("make", &sources))?;
        let manifest = format!(
            "[workspace]\n\n[package]\nname = \"{}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = \
             [\"cdylib\"]\n\n[dependencies]\n{} = {{ path = \"{}\" }}\n",
            kind.name,
            kind.sdk,
            self.sdk.join(kind.folder).display()
        );
        let lock = root().join("Cargo.lock");
        let lock = fs::read_to_string(&lock).map_err(Error::file("read", &lock))?;
        for (name, text) in [("src/lib.rs", source), ("Cargo.toml", &manifest), ("Cargo.lock", &lock)] {
            let path = folder.join(name);
            fs::write(&path, text).map_err(Error::file("write", &path))?;
        }
        let out = target().join("foreign").join(self.out);
        let mut build = cargo();
        build
            .args(["build", "--release", "--offline", "--quiet"])
            .current_dir(folder)
            .env("RUSTC", self.rustc)
            .env("CARGO_TARGET_DIR", &out)
            // What is asked is whether the plugin loads, not how fast it is.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env_remove("RUSTUP_TOOLCHAIN");
        if let Some(library) = self.library {
            build.env("ROPT_MLIR_LIB_DIR", library);
        }
        let done = build.output().map_err(|source| Error::Start { program: "cargo".into(), source })?;
        if !done.status.success() {
            let words = String::from_utf8_lossy(&done.stderr).into_owned();
            return Err(Error::Output { command: "cargo build".to_owned(), what: words });
        }
        Ok(out.join(format!("release/lib{}.so", kind.name.replace('-', "_"))))
    }
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn versions_compare() {
        assert_eq!(minor("rustc 1.97.0-nightly (f0c8c0d2b 2026-06-01)"), (1, 97));
        assert!(minor("rustc 1.85.1 (x)") < minor("rustc 1.95"));
    }
}
