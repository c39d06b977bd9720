//! Arrows between crates point one way: ARCHITECTURE.md's invariants 1 and 2.

use std::{collections::BTreeSet, path::Path};

use ropt_house_tests::{Crates, assert_none, links_alone};

/// What each kind of crate may link of ours. Another arrow is a change of the architecture, not of this list.
fn allowed(name: &str, folder: &Path) -> Option<&'static [&'static str]> {
    let kind: Vec<&str> = folder.iter().filter_map(|part| part.to_str()).collect();
    Some(match kind.as_slice() {
        ["core", "abi" | "isolation" | "mlir" | "output" | "pipeline"] => &[],
        ["core", "cache" | "executable"] => &["ropt-output"],
        ["core", "plugin", "derive"] => &["ropt-abi"],
        ["core", "plugin", "driver"] => &["ropt-abi"],
        ["core", "plugin"] => &["ropt-abi", "ropt-driver", "ropt-executable", "ropt-mlir", "ropt-plugin-derive"],
        ["core", "host"] => &["ropt-abi", "ropt-cache", "ropt-isolation", "ropt-mlir", "ropt-output", "ropt-pipeline"],
        ["core", "runtime"] => &["ropt-abi", "ropt-output"],
        ["core", "conformance"] => &["ropt-abi", "ropt-runtime"],
        ["plugins", _] | ["targets", _, "compiler"] => {
            &["ropt-abi", "ropt-cache", "ropt-executable", "ropt-mlir", "ropt-output", "ropt-plugin"]
        }
        ["targets", _, "driver"] => &["ropt-abi", "ropt-driver"],
        ["opt-tool", "ropt"] => &["ropt-abi", "ropt-cache", "ropt-conformance", "ropt-host", "ropt-mlir"],
        ["opt-tool", "ropt-run"] => &["ropt-abi", "ropt-conformance", "ropt-runtime"],
        ["tests", "hostile", _] => &["ropt-isolation", "ropt-plugin"],
        ["tests", "plugins", _] => &["ropt-abi", "ropt-driver", "ropt-plugin"],
        ["tests", "fuzz"] => {
            &["ropt-abi", "ropt-cache", "ropt-executable", "ropt-isolation", "ropt-pipeline", "ropt-runtime"]
        }
        ["xtask"] | ["tests", ..] => &[],
        _ => {
            eprintln!("{name} in {} is of no known kind", folder.display());
            return None;
        }
    })
}

#[test]
fn crates_link_only_what_their_layer_may() {
    let crates = Crates::read();
    let members = crates.members();
    let ours: BTreeSet<&String> = members.keys().collect();
    let mut complaints = Vec::new();
    for (name, folder) in &members {
        let Some(allowed) = allowed(name, folder) else {
            complaints.push(format!("{name}: {} is no place of the architecture", folder.display()));
            continue;
        };
        for dependency in crates.dependencies(name, false) {
            if ours.contains(&dependency) && !allowed.contains(&dependency.as_str()) {
                complaints.push(format!("{name} ({}) links {dependency}", folder.display()));
            }
        }
    }
    assert_none("an arrow points the wrong way:", &complaints);
}

#[test]
fn what_runs_programs_links_no_compiler() {
    let crates = Crates::read();
    let without = |folder: &Path| {
        folder.starts_with("core/runtime")
            || folder.starts_with("opt-tool/ropt-run")
            || (folder.starts_with("targets") && folder.ends_with("driver"))
    };
    let mut complaints = Vec::new();
    for (name, _) in crates.members().into_iter().filter(|(_, folder)| without(folder)) {
        for dependency in links_alone(&name) {
            if ["ropt-mlir", "melior", "mlir-sys", "llvm-sys"].contains(&dependency.as_str()) {
                complaints.push(format!("{name} reaches {dependency}"));
            }
        }
    }
    assert_none("ropt-run must work on a machine without a compiler:", &complaints);
}

#[test]
fn the_host_knows_no_plugin_and_no_plugin_the_host() {
    let crates = Crates::read();
    let members = crates.members();
    let is_plugin = |name: &str| {
        members.get(name).is_some_and(|folder| folder.starts_with("plugins") || folder.starts_with("targets"))
    };
    let mut complaints = Vec::new();
    for name in members.keys() {
        let reached = crates.dependencies(name, true);
        if is_plugin(name) && reached.contains("ropt-host") {
            complaints.push(format!("the plugin {name} reaches ropt-host"));
        }
        let plugins = reached.iter().filter(|dependency| is_plugin(dependency));
        complaints.extend(plugins.map(|plugin| format!("{name} links the plugin {plugin}")));
    }
    assert_none("plugins are found at run time:", &complaints);
}
