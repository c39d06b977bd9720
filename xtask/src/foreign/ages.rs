//! Plugins of other ages, with passes, a target, a driver: built with an SDK of the ABI's minor version before, of the one to come, and with the SDK of
//! the minor version before as this repository's history has it.
//!
//! The first two are made of today's SDK: what the recorded layouts say was added last is taken out again, or a field
//! more stands at the end of each table. The last one needs the history, which a shallow clone has not: then it is said.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{Build, PASSES, PROBE, accepted, backend, count, patch};
use crate::{
    counts::Counts,
    dist::sdk,
    error::{Error, Result},
    process::{command, output, release, root, run, target},
};

/// Files that name the ABI's number.
const NUMBERS: [&str; 2] = ["core/abi/src/lib.rs", "core/plugin/driver/src/manifest.rs"];

/// Changes an SDK's sources, which have the major and minor number given.
type Change = fn(&Path, u32, u32) -> Result<()>;

/// Builds, loads and runs the tests' plugin with each SDK; an SDK is a test.
pub(super) fn test(counts: &mut Counts) -> Result<()> {
    let (major, minor) = number(&read(&root().join(NUMBERS[0]))?)?;
    let Some(before) = minor.checked_sub(1) else {
        return Err(Error::Wrong(format!("ABI {major}.{minor} has no minor version before it")));
    };
    println!("the host has ABI {major}.{minor}");
    let ages: [(u32, &str, Change); 2] = [(before, "taken back to", take_back), (minor + 1, "taken on to", take_on)];
    for (wanted, how, change) in ages {
        let done = || {
            let sdk = folder(&format!("abi-{wanted}"))?;
            sdk::write(&sdk)?;
            change(&sdk, major, minor)?;
            renumber(&sdk, major, minor, wanted)?;
            build(&sdk, |file| read(&root().join(file)), &format!("{major}.{wanted}"))
        };
        let what = format!("passes, a target and a driver of an SDK {how} ABI {major}.{wanted}: each");
        count(counts, &what, done());
    }
    match last_commit_of(before)? {
        Some(commit) => {
            let then = |file: &str| output(command("git").args(["show", &format!("{commit}:{file}")]));
            let done = history(&commit).and_then(|sdk| build(&sdk, then, &format!("{major}.{before}")));
            let what =
                format!("passes, a target and a driver of the SDK of ABI {major}.{before}, commit {commit}: each");
            count(counts, &what, done);
        }
        None => println!("passed over: no commit here has ABI {major}.{before} (a shallow clone has no history)"),
    }
    Ok(())
}

/// Builds and tries the plugins, whose sources `source` gives: a program that such a target compiles and such a driver runs
/// has the right numbers.
fn build(sdk: &Path, source: impl Fn(&str) -> Result<String>, abi: &str) -> Result<()> {
    // rustup's proxy would obey the toolchain files that some crates bring along.
    let sysroot = output(command("rustc").args(["--print", "sysroot"]))?;
    let rustc = Path::new(sysroot.trim()).join("bin/rustc");
    let build = Build { sdk, rustc: &rustc, out: "ages", library: Some(&release()) };
    let said = format!("abi      {abi}\n");
    accepted(&build.run(PASSES, &source(PROBE)?)?, &said)?;
    backend::check(build, source, &said)
}

/// An empty folder for sources. Its name stays the same, so that cargo builds again only what changed.
fn folder(name: &str) -> Result<PathBuf> {
    let folder = target().join("foreign/sdk").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Error::file("remove", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(Error::file("make", &folder))?;
    Ok(folder)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Error::file("read", path))
}

/// Replaces a file's text by what `change` makes of it.
fn change(path: &Path, change: impl FnOnce(&str) -> Option<String>) -> Result<()> {
    let wrong = || Error::Wrong(format!("{} is not written as this test expects", path.display()));
    let text = change(&read(path)?).ok_or_else(wrong)?;
    fs::write(path, text).map_err(Error::file("write", path))
}

/// The number in `ABI_MAJOR` and `ABI_MINOR`.
fn number(text: &str) -> Result<(u32, u32)> {
    let value = |name: &str| text.split_once(&format!("{name}: u32 = "))?.1.split_once(';')?.0.parse().ok();
    let number = value("ABI_MAJOR").zip(value("ABI_MINOR"));
    number.ok_or_else(|| Error::Wrong(format!("{} says no ABI number", NUMBERS[0])))
}

fn renumber(sdk: &Path, major: u32, minor: u32, wanted: u32) -> Result<()> {
    let pairs = [
        (format!("ABI_MINOR: u32 = {minor};"), format!("ABI_MINOR: u32 = {wanted};")),
        (format!("\"{major}.{minor}\""), format!("\"{major}.{wanted}\"")),
        (format!("ABI_MINOR == {minor}"), format!("ABI_MINOR == {wanted}")),
    ];
    for file in NUMBERS {
        change(&sdk.join(file), |text| {
            let changed = pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
            (changed != text).then_some(changed)
        })?;
    }
    Ok(())
}

/// The fields of each table in a recorded layout.
fn tables(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(field) => {
                if let (Some(table), Some((name, _))) = (&current, field.split_once(':')) {
                    tables.entry(String::clone(table)).or_default().insert(name.to_owned());
                }
            }
            None => current = line.strip_suffix(": table").map(str::to_owned),
        }
    }
    tables
}

/// Takes out the fields that the last minor version added.
fn take_back(sdk: &Path, major: u32, minor: u32) -> Result<()> {
    let layout = |minor: u32| read(&root().join(format!("core/abi/layout/{major}.{minor}.txt")));
    let (now, before) = (tables(&layout(minor)?), tables(&layout(minor - 1)?));
    let mut taken = 0;
    for (table, fields) in &now {
        for field in fields.difference(before.get(table).unwrap_or(&BTreeSet::new())) {
            patch_field(sdk, table, |text| patch::without_field(text, table, field))?;
            patch_values(sdk, |text| patch::without_entry(text, table, field))?;
            taken += 1;
        }
    }
    if taken == 0 {
        return Err(Error::Wrong(format!("ABI {major}.{minor} has no field more than the one before")));
    }
    Ok(())
}

/// Puts a field more at the end of each table.
fn take_on(sdk: &Path, major: u32, minor: u32) -> Result<()> {
    let layout = read(&root().join(format!("core/abi/layout/{major}.{minor}.txt")))?;
    for table in tables(&layout).keys() {
        patch_field(sdk, table, |text| patch::with_field(text, table, "later: extern \"C\" fn(of: u32) -> u32"))?;
        patch_values(sdk, |text| patch::with_entry(text, table, "later: ropt_abi::later"))?;
    }
    change(&sdk.join(NUMBERS[0]), |text| {
        Some(format!("{text}\n/// Of a later ABI.\npub extern \"C\" fn later(of: u32) -> u32 {{\n    of + 1\n}}\n"))
    })
}

/// The sources of a folder, sorted.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::file("read", folder))? {
        let path = entry.map_err(Error::file("read", folder))?.path();
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

/// Changes the one file that declares the table.
fn patch_field(sdk: &Path, table: &str, how: impl Fn(&str) -> Option<String>) -> Result<()> {
    let mut files = Vec::new();
    sources(&sdk.join("core/abi/src"), &mut files)?;
    for file in files {
        if read(&file)?.contains(&format!("pub struct {table} {{")) {
            return change(&file, &how);
        }
    }
    Err(Error::Wrong(format!("no file of core/abi declares {table}")))
}

/// Changes every file that makes the table.
fn patch_values(sdk: &Path, how: impl Fn(&str) -> Option<String>) -> Result<()> {
    let mut files = Vec::new();
    sources(&sdk.join("core/plugin"), &mut files)?;
    for file in files {
        if let Some(text) = how(&read(&file)?) {
            fs::write(&file, text).map_err(Error::file("write", &file))?;
        }
    }
    Ok(())
}

/// The last commit whose ABI has that minor version.
fn last_commit_of(minor: u32) -> Result<Option<String>> {
    let mut log = command("git");
    log.args(["log", "--format=%h", "-GABI_MINOR: u32 = [0-9]", "--", NUMBERS[0]]);
    let Ok(commits) = output(&mut log) else { return Ok(None) };
    for commit in commits.lines() {
        let parent = format!("{commit}~1");
        let Ok(text) = output(command("git").args(["show", &format!("{parent}:{}", NUMBERS[0])])) else { continue };
        if number(&text)?.1 == minor {
            let named = output(command("git").args(["rev-parse", "--short", &parent]))?;
            return Ok(Some(named.trim().to_owned()));
        }
    }
    Ok(None)
}

/// The SDK's sources of a commit. It links the present library, so its core/mlir is built by the
/// present build script.
fn history(commit: &str) -> Result<PathBuf> {
    let sdk = folder("history")?;
    let archive = sdk.with_extension("tar");
    let mut git = command("git");
    git.args(["archive", "--format=tar", "--output"]).arg(&archive).arg(commit);
    run(git.arg("Cargo.toml").args(sdk::CRATES))?;
    run(command("tar").arg("-xf").arg(&archive).arg("-C").arg(&sdk))?;
    fs::remove_file(&archive).map_err(Error::file("remove", &archive))?;
    for file in ["core/mlir/build.rs", "Cargo.lock"] {
        let (from, to) = (root().join(file), sdk.join(file));
        fs::copy(&from, &to).map_err(Error::file("write", &to))?;
    }
    change(&sdk.join("Cargo.toml"), sdk::with_members)?;
    Ok(sdk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_numbers_are_read() {
        let text = "A: struct of 8 bytes\n  x: u64\n\nT: table\n  f: fn() -> ()\n  g: u32\n";
        let fields = BTreeSet::from(["f".to_owned(), "g".to_owned()]);
        assert_eq!(tables(text), BTreeMap::from([("T".to_owned(), fields)]));
        assert_eq!(number("ABI_MAJOR: u32 = 1;\nABI_MINOR: u32 = 12;").expect("both"), (1, 12));
        assert!(number("").is_err());
    }
}
