//! The SDK's sources in a distribution: what a plugin made elsewhere depends on by path.

use std::{fs, path::Path};

use super::copy;
use crate::{
    error::{Error, Result},
    process::root,
};

/// The crates of the SDK and what they depend on, as folders of the workspace.
pub(crate) const CRATES: [&str; 7] = [
    "core/abi",
    "core/executable",
    "core/mlir",
    "core/output",
    "core/plugin",
    "core/plugin/derive",
    "core/plugin/driver",
];

/// Examples for authors of plugins, which depend on the SDK by paths that hold in the repository and in a distribution.
const EXAMPLES: [&str; 2] = ["examples/emitc", "examples/mlp.mlir"];

/// Writes the sources, a Cargo.toml that makes them a workspace, and the lock file.
pub(crate) fn write(folder: &Path) -> Result<()> {
    for source in CRATES {
        copy_tree(&root().join(source), &folder.join(source))?;
    }
    for example in EXAMPLES {
        let (from, to) = (root().join(example), folder.join(example));
        if from.is_dir() { copy_tree(&from, &to)? } else { copy(&from, &to)? }
    }
    copy(&root().join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    let path = root().join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let text =
        with_members(&text).ok_or_else(|| Error::Wrong(format!("{} has no list `members = […]`", path.display())))?;
    let path = folder.join("Cargo.toml");
    fs::write(&path, text).map_err(Error::file("write", &path))
}

/// The workspace's Cargo.toml with the SDK's crates as its members; none when it has no such list.
pub(crate) fn with_members(text: &str) -> Option<String> {
    let (before, behind) = members(text)?;
    let list: String = CRATES.iter().map(|source| format!("  \"{source}\",\n")).collect();
    Some(format!("{before}[\n{list}]{behind}"))
}

/// What stands before and behind the list of a workspace's members.
fn members(text: &str) -> Option<(&str, &str)> {
    let key = "\nmembers = ";
    let start = text.find(key)? + key.len();
    let end = start + text[start..].find(']')? + 1;
    Some((&text[..start], &text[end..]))
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    let entries = fs::read_dir(from).map_err(Error::file("read", from))?;
    for entry in entries {
        let entry = entry.map_err(Error::file("read", from))?;
        let (path, name) = (entry.path(), entry.file_name());
        // Tests of the SDK need the workspace; an example's own are part of it. What starts with a dot belongs to a machine.
        let inside = from.starts_with(root().join("examples"));
        if (name == "tests" && !inside) || name == "target" || name.to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            copy_tree(&path, &to.join(&name))?;
        } else {
            copy(&path, &to.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_of_members_is_found() {
        let text = "[workspace]\nresolver = \"3\"\nmembers = [\n  \"a\",\n]\n[x]\n";
        let parts = super::members(text).expect("there is one");
        assert_eq!(parts, ("[workspace]\nresolver = \"3\"\nmembers = ", "\n[x]\n"));
        assert_eq!(super::members("[workspace]\n"), None);
    }
}
