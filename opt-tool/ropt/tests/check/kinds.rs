//! A check that cannot fail is none: each kind of case has a plugin that fails it.

use crate::{beside, command, drivers, manifests, passes, targets};
use std::collections::BTreeSet;

/// What a case is about, without the plugin, the input, the type: `target/errors/object-text`.
fn kind(name: &str) -> String {
    let parts: Vec<&str> = name.split('/').collect();
    match parts[..] {
        ["manifest", _, check] => format!("manifest/{check}"),
        ["pass", _, "options", check, ..] => format!("pass/options/{check}"),
        ["pass", _, check] | ["pass", _, _, check] => format!("pass/{check}"),
        ["compile", ..] => "compile".to_owned(),
        [group, _, part, check, ..] => format!("{group}/{part}/{check}"),
        _ => name.to_owned(),
    }
}

#[test]
fn every_kind_of_case_has_a_plugin_that_fails_it() {
    let files = ["libropt_target_cpu.so", "libwrong_driver.so", "libwrong_plugin.so", "libprobe_plugin.so"].map(beside);
    let files: Vec<_> = files.iter().map(|file| file.as_path()).collect();
    let listed = command(&files, &["--list", "--device=wrong"]);
    let listed = String::from_utf8(listed.stdout).expect("names are UTF-8");
    let mut open: BTreeSet<String> = listed.lines().map(kind).collect();
    assert!(open.len() > 90, "{open:#?}");
    // Programs of every class and type: `every_program_is_told_from_one_with_a_wrong_byte`.
    open.retain(|kind| !["target/ops/", "target/shapes/", "target/interface/"].iter().any(|one| kind.starts_with(one)));
    let targets = targets::MISTAKES.iter().chain(targets::ON_DRIVER).map(|(_, name, _)| kind(name));
    let manifests = manifests::LIES.iter().map(|(.., name, _)| *name);
    let named = manifests.chain(manifests::MISTAKES.iter().chain(passes::MISTAKES).map(|(name, _)| *name)).map(kind);
    let shown: BTreeSet<String> =
        drivers::MISTAKES.iter().map(|(_, demand, _)| format!("driver/{demand}")).chain(targets).chain(named).collect();
    // These two are held by the unit tests of the check (src/check/manifest.rs): no plugin with such a manifest is built,
    // or found.
    let by_unit = ["manifest/abi", "manifest/slots"];
    // This one only tells that there is nothing to run a pass on.
    let told = ["pass/modules"];
    let left: Vec<&String> = open
        .iter()
        .filter(|kind| !shown.contains(*kind) && !by_unit.contains(&kind.as_str()) && !told.contains(&kind.as_str()))
        .collect();
    assert!(left.is_empty(), "no plugin fails {left:#?}");
    let stale: Vec<&String> = shown.iter().filter(|kind| !open.contains(*kind) && !kind.contains("/shapes/")).collect();
    assert!(stale.is_empty(), "no case is of these kinds: {stale:#?}");
}
