//! Manifests: what is wrong with that of tests/plugins/wrong, and copies of plugins whose manifests were changed by hand.

use crate::{beside, check, fails};
use std::fs;

/// A plugin, bytes of its manifest, what is put in their place, the case that finds it, and what is found.
pub(crate) const LIES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "libprobe_plugin.so",
        r#""pass":"probe-panic""#,
        r#""pass":"probe-panik""#,
        "manifest/probe/registered",
        "probe-panik",
    ),
    // The name of a flag that a shipped plugin has.
    ("libwrong_plugin.so", r#""name":"wrong-bug""#, r#""name":"cuda-chip""#, "manifest/wrong/flags", "cuda-chip"),
    (
        "libwrong_plugin.so",
        r#""name":"wrong-bug""#,
        r#""name":"isolate"  "#,
        "manifest/wrong/flags",
        "one of ropt's own",
    ),
    (
        "libwrong_plugin.so",
        r#""name":"wrong-bug""#,
        r#""name":"strict"   "#,
        "manifest/wrong/flags",
        "one of ropt's own",
    ),
    (
        "libwrong_plugin.so",
        r#""name":"wrong-bug""#,
        r#""name":"color"    "#,
        "manifest/wrong/flags",
        "one of MLIR's own",
    ),
    (
        "libprobe_plugin.so",
        "Panics on every function.",
        "                         ",
        "pass/probe-panic/help",
        "probe-panic",
    ),
    (
        "libprobe_plugin.so",
        r#""rounded-corner""#,
        r#""rounded corner""#,
        "pass/probe-options/options/round-trip",
        "no option `corner`",
    ),
    ("libprobe_plugin.so", r#""name":"switch""#, r#""name":"swItch""#, "manifest/probe/names", "option `swItch`"),
    ("libwrong_plugin.so", r#""arithmetic""#, r#""arithmetik""#, "manifest/wrong/claims", "the op class `arithmetik`"),
];

#[test]
fn a_manifest_that_lies_is_found() {
    for (file, from, to, name, words) in LIES {
        assert_eq!(from.len(), to.len(), "{from}: nothing may move");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut bytes = fs::read(beside(file)).expect("the plugin is read");
        let at = bytes.windows(from.len()).position(|window| window == from.as_bytes());
        let at = at.unwrap_or_else(|| panic!("{file} has no {from}"));
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        let plugin = folder.path().join("lying.so");
        fs::write(&plugin, bytes).expect("the plugin is written");
        let cases = check(&[&plugin], &[&format!("--filter={name}")]);
        fails(&cases, name, words);
    }
}

/// What tests/plugins/wrong says of itself that is wrong.
pub(crate) const MISTAKES: &[(&str, &str)] = &[
    ("manifest/wrong/options", "option `number` of pass `wrong-defaults`"),
    ("manifest/wrong/help", "option `undocumented`"),
];

#[test]
fn mistakes_in_a_manifest_are_found() {
    let cases = check(&[&beside("libwrong_plugin.so")], &["--filter=manifest/*"]);
    for (name, words) in MISTAKES {
        fails(&cases, name, words);
    }
    for name in ["names", "claims", "flags", "registered", "abi", "slots"] {
        assert_eq!(cases[&format!("manifest/wrong/{name}")], "passed", "{name}");
    }
}
