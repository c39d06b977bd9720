//! What the tests of the repository itself share: its files and cargo's view of its crates.
//!
//! The tests hold the invariants of ARCHITECTURE.md. They read text and cargo's metadata; they never build anything.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).to_path_buf()
}

/// Every file of the repository that git would track, with its path relative to the root, sorted.
pub fn files() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let generated = ["target", ".git", "__pycache__", "Output", ".lit_test_times.txt"];
            if generated.iter().any(|generated| name == *generated) {
                continue;
            }
            if path.is_dir() {
                walk(&path, found);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    let (root, mut found) = (root(), Vec::new());
    walk(&root, &mut found);
    found.sort();
    found.iter().filter_map(|path| path.strip_prefix(&root).ok().map(Path::to_path_buf)).collect()
}

/// Files with one of these extensions, and their text.
pub fn texts(extensions: &[&str]) -> Vec<(PathBuf, String)> {
    let wanted = |path: &PathBuf| path.extension().is_some_and(|e| extensions.iter().any(|wanted| e == *wanted));
    let read = |path: PathBuf| fs::read_to_string(root().join(&path)).ok().map(|text| (path, text));
    files().into_iter().filter(wanted).filter_map(read).collect()
}

/// Cargo's view of the workspace and everything that it is built from.
pub struct Crates {
    metadata: Value,
}

impl Crates {
    /// Asks cargo, for the platform that we ship for.
    ///
    /// # Panics
    /// When cargo does not answer; a test cannot go on then.
    pub fn read() -> Self {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.current_dir(root()).args(["metadata", "--format-version=1"]);
        cargo.arg(format!("--filter-platform={}-unknown-linux-gnu", std::env::consts::ARCH));
        let output = cargo.output().expect("cargo runs the tests, so it is there");
        assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        Self { metadata: serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON") }
    }

    /// All packages.
    pub fn packages(&self) -> impl Iterator<Item = &Value> {
        self.metadata["packages"].as_array().into_iter().flatten()
    }

    /// Names of the workspace's own packages with their folder relative to the root.
    pub fn members(&self) -> BTreeMap<String, PathBuf> {
        let own = self.packages().filter(|package| package["source"].is_null());
        own.map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
            let folder = manifest.parent().unwrap_or(manifest);
            (text(&package["name"]), folder.strip_prefix(root()).unwrap_or(folder).to_path_buf())
        })
        .collect()
    }

    /// What a package links, directly (`deep` false) or through others, by name; without build and test dependencies.
    pub fn dependencies(&self, name: &str, deep: bool) -> BTreeSet<String> {
        let nodes: Vec<&Value> = self.metadata["resolve"]["nodes"].as_array().into_iter().flatten().collect();
        let names: BTreeMap<String, String> = self.packages().map(|p| (text(&p["id"]), text(&p["name"]))).collect();
        let start = names.iter().find(|(_, n)| *n == name).map(|(id, _)| id.clone());
        let (mut found, mut open) = (BTreeSet::new(), Vec::from_iter(start));
        while let Some(id) = open.pop() {
            let node = nodes.iter().find(|node| node["id"] == id.as_str());
            for dependency in node.and_then(|node| node["deps"].as_array()).into_iter().flatten() {
                let kinds = dependency["dep_kinds"].as_array();
                let linked = kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()));
                let next = text(&dependency["pkg"]);
                if linked && found.insert(names.get(&next).cloned().unwrap_or_default()) && deep {
                    open.push(next);
                }
            }
        }
        found
    }
}

/// All that a package links when it is built by itself, by name. Cargo's metadata cannot say this: there, features that
/// another member asks for are on as well.
///
/// # Panics
/// When cargo does not answer.
pub fn links_alone(name: &str) -> BTreeSet<String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.current_dir(root()).args(["tree", "--edges=normal", "--prefix=none", "--format={p}", "--package", name]);
    let output = cargo.output().expect("cargo runs the tests, so it is there");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Fails with every complaint at once, so that one run shows all there is to repair.
///
/// # Panics
/// When there is a complaint: that is how a test fails.
pub fn assert_none(rule: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{rule}\n  {}", complaints.join("\n  "));
}
