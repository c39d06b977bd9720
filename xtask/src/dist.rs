//! `cargo xtask dist`: a tree of the tools that runs wherever it is put.
//!
//! bin/ the two programs, lib/ the one MLIR, lib/ropt/ the plugins, include/ropt/ the headers for kernels and
//! programs, docs/ the book for authors of plugins, sdk/ the sources that those depend on, and the licences of everything
//! inside.

mod backend;
mod book;
mod licences;
mod moved;
pub(crate) mod sdk;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    counts::Counts,
    error::{Error, Result},
    process::{cargo, output, release, root, run as run_command, target},
    setup,
};

/// Builds everything and writes the tree.
pub(crate) fn run() -> Result<()> {
    setup::run()?;
    run_command(cargo().args(["build", "--release", "--workspace", "--quiet"]))?;
    let tree = write()?;
    println!("dist: {} ({} MB)", tree.display(), megabytes(&tree)?);
    println!("dist: needs at run time: zlib, zstd (bin/ropt); libc (bin/ropt-run)");
    Ok(())
}

/// The test of `dist`: the tree of the present build, moved elsewhere, compiles and runs a program.
pub(crate) fn check() -> Result<()> {
    moved::check(&write()?)
}

/// The test of docs/: whoever does what the book says, with the moved tree, sees what it says.
pub(crate) fn book() -> Result<(bool, Counts)> {
    moved::moved(&write()?, book::check)
}

/// The test of examples/emitc: built out of the moved tree's SDK, it compiles and runs the corpus.
pub(crate) fn backend() -> Result<(bool, Counts)> {
    moved::moved(&write()?, backend::check)
}

/// Writes the tree of the present build and returns its folder.
fn write() -> Result<PathBuf> {
    let metadata = metadata()?;
    let name = format!("ropt-{}-{}-linux", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    let (tree, temporary) = (target().join("dist").join(&name), target().join("dist").join(format!(".{name}.tmp")));
    remove(&temporary)?;

    for program in ["ropt", "ropt-run"] {
        copy(&release().join(program), &temporary.join("bin").join(program))?;
    }
    for library in mlir_libraries()? {
        copy(&release().join(&library), &temporary.join("lib").join(&library))?;
    }
    for plugin in plugins(&metadata) {
        copy(&release().join(&plugin), &temporary.join("lib/ropt").join(&plugin))?;
    }
    for header in files(&root().join("core/abi/include/ropt"))? {
        copy(&header, &temporary.join("include/ropt").join(header.file_name().unwrap_or_default()))?;
    }
    for text in ["LICENSE", "README.md", "CHANGELOG.md"] {
        copy(&root().join(text), &temporary.join(text))?;
    }
    for page in files(&root().join("docs"))? {
        copy(&page, &temporary.join("docs").join(page.file_name().unwrap_or_default()))?;
    }
    sdk::write(&temporary.join("sdk"))?;
    licences::write(&metadata, &temporary.join("licences"))?;

    remove(&tree)?;
    fs::rename(&temporary, &tree).map_err(Error::file("rename", &temporary))?;
    Ok(tree)
}

/// What cargo knows about the workspace and everything it depends on.
fn metadata() -> Result<Value> {
    let platform = format!("--filter-platform={}-unknown-linux-gnu", std::env::consts::ARCH);
    let text = output(cargo().args(["metadata", "--format-version=1", &platform]))?;
    serde_json::from_str(&text)
        .map_err(|error| Error::Output { command: "cargo metadata".into(), what: error.to_string() })
}

/// File names of the workspace's plugins: every dynamic library under plugins/ and targets/.
fn plugins(metadata: &Value) -> Vec<String> {
    let ours = |package: &&Value| {
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        let inside = Path::new(manifest).strip_prefix(root()).unwrap_or(Path::new(""));
        inside.starts_with("plugins") || inside.starts_with("targets")
    };
    let packages = metadata["packages"].as_array().into_iter().flatten().filter(ours);
    let libraries = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let mut names: Vec<String> = libraries
        .filter(|target| target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "cdylib")))
        .filter_map(|target| Some(format!("lib{}.so", target["name"].as_str()?.replace('-', "_"))))
        .collect();
    names.sort();
    names
}

/// The versioned file of the merged library; the plain name is for linking and stays behind.
fn mlir_libraries() -> Result<Vec<String>> {
    let names = files(&release())?.into_iter().filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
    let names: Vec<_> = names.filter(|name| name.starts_with("libropt_mlir.so.")).collect();
    match names.len() {
        1 => Ok(names),
        0 => Err(Error::Wrong(format!("no libropt_mlir.so.* in {}", release().display()))),
        _ => Err(Error::Wrong(format!(
            "several libraries in {}: {}\n  help: delete those of older builds",
            release().display(),
            names.join(", ")
        ))),
    }
}

/// The regular files of a folder, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Error::file("read", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    Ok(paths)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    }
    fs::copy(from, to).map(drop).map_err(Error::file("copy", from))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file("remove", folder)(error)),
        _ => Ok(()),
    }
}

fn megabytes(folder: &Path) -> Result<u64> {
    fn bytes(folder: &Path) -> std::io::Result<u64> {
        fs::read_dir(folder)?.flatten().try_fold(0, |sum, entry| {
            let data = entry.metadata()?;
            Ok(sum + if data.is_dir() { bytes(&entry.path())? } else { data.len() })
        })
    }
    Ok(bytes(folder).map_err(Error::file("read", folder))? / 1_000_000)
}
