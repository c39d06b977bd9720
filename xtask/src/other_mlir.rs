//! A vendor's plugin made for another version of MLIR: Debian's MLIR 19, whose packages cannot be installed beside 22's, and
//! the plugin under tests/other-mlir. The lit tests that ask for `other-mlir` use both.
//!
//! The packages are downloaded once and unpacked under the target folder; nothing is installed. Where they cannot be had,
//! the reason is said, and those tests are unsupported.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, Result},
    process::{command, output, root, run, succeeds, target},
};

/// The version of MLIR.
const VERSION: &str = "19";
/// mlir-opt with what it links, and the headers. The numbers are megabytes to download and unpacked.
const PACKAGES: [&str; 4] = ["libllvm19", "libmlir-19-dev", "llvm-19-dev", "mlir-19-tools"];
const MEGABYTES: (u32, u32) = (143, 500);

/// The plugin's source.
const SOURCE: &str = "tests/other-mlir/vendor.cpp";

/// Unpacks the packages and builds the plugin, unless both are there.
pub(crate) fn make() -> Result<()> {
    let folder = target().join("other-mlir");
    let prefix = folder.join(VERSION).join("usr");
    if !prefix.is_dir() {
        if let Some(reason) = unavailable() {
            println!("other MLIR: passed over, {reason}; the tests that ask for `other-mlir` are unsupported");
            return Ok(());
        }
        println!(
            "other MLIR: downloading {} ({} MB), unpacked into {} ({} MB)",
            PACKAGES.join(", "),
            MEGABYTES.0,
            folder.display(),
            MEGABYTES.1
        );
        unpack(&folder)?;
    }
    build(&prefix, &folder.join("vendor.so"))
}

/// Why Debian's packages cannot be had here.
fn unavailable() -> Option<String> {
    for tool in ["apt-get", "dpkg-deb"] {
        if !succeeds(command(tool).arg("--version")) {
            return Some(format!("there is no {tool}"));
        }
    }
    let known = |package: &&str| {
        let mut policy = command("apt-cache");
        policy.args(["policy", package]).env("LC_ALL", "C");
        output(&mut policy).is_ok_and(|text| text.contains("Candidate: ") && !text.contains("Candidate: (none)"))
    };
    let package = PACKAGES.into_iter().find(|package| !known(package))?;
    Some(format!("apt knows no package {package} (`apt-get update` may help)"))
}

/// Downloads into a temporary folder, which becomes the final one when it is whole.
fn unpack(folder: &Path) -> Result<()> {
    let (done, temporary) = (folder.join(VERSION), folder.join(format!("{VERSION}.tmp")));
    if temporary.exists() {
        fs::remove_dir_all(&temporary).map_err(Error::file("remove", &temporary))?;
    }
    fs::create_dir_all(&temporary).map_err(Error::file("make", &temporary))?;
    run(command("apt-get").args(["download", "--quiet=2"]).args(PACKAGES).current_dir(&temporary))?;
    for package in entries(&temporary)?.iter().filter(|path| path.extension().is_some_and(|kind| kind == "deb")) {
        run(command("dpkg-deb").arg("--extract").arg(package).arg(&temporary))?;
        fs::remove_file(package).map_err(Error::file("remove", package))?;
    }
    // Two thirds of it are static archives and tools that nobody here calls.
    let llvm = temporary.join("usr/lib").join(format!("llvm-{VERSION}"));
    for path in entries(&llvm.join("lib"))?.into_iter().chain(entries(&llvm.join("bin"))?) {
        let archive = path.extension().is_some_and(|kind| kind == "a");
        let tool = path.parent().is_some_and(|parent| parent.ends_with("bin")) && !path.ends_with("mlir-opt");
        if archive || tool {
            fs::remove_file(&path).map_err(Error::file("remove", &path))?;
        }
    }
    fs::rename(&temporary, &done).map_err(Error::file("rename", &temporary))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Error::file("read", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// Compiles the plugin when it is older than its source. It links nothing: mlir-opt has all of MLIR.
fn build(prefix: &Path, plugin: &Path) -> Result<()> {
    let source = root().join(SOURCE);
    let changed = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    if changed(plugin) > changed(&source) {
        return Ok(());
    }
    println!("other MLIR: building {}", plugin.display());
    let temporary = plugin.with_extension("tmp");
    let mut clang = command(std::env::var_os("ROPT_CXX").unwrap_or("clang++-22".into()));
    clang.args(["-std=c++17", "-DNDEBUG", "-O1", "-fPIC", "-fno-exceptions", "-fvisibility-inlines-hidden", "-shared"]);
    for include in [format!("lib/llvm-{VERSION}/include"), format!("include/llvm-{VERSION}")] {
        clang.arg("-isystem").arg(prefix.join(include));
    }
    run(clang.arg(&source).arg("-o").arg(&temporary))?;
    fs::rename(&temporary, plugin).map_err(Error::file("rename", &temporary))
}
