//! Passes of tests/plugins/wrong, each with one mistake.

use crate::{beside, check, fails};

/// The case that finds the mistake of its pass, and what is found.
pub(crate) const MISTAKES: &[(&str, &str)] = &[
    ("pass/wrong-twice/tensors/idempotent", "wrong.marks"),
    ("pass/wrong-prints/tensors/runs", "a function"),
    ("pass/wrong-varies/tensors/threads", "wrong.process"),
    ("pass/wrong-shares/tensors/clone", "wrong.number"),
    ("pass/wrong-breaks/loops/runs", "exit code 3"),
    ("pass/wrong-crashes/loops/runs", "`wrong-crashes` of plugin wrong"),
    // Whoever is blamed for it, a crash is no refusal.
    ("pass/wrong-crashes-aside/loops/runs", "crashed (segmentation fault)"),
    ("pass/wrong-hangs/loops/runs", "no end within 5 s"),
    ("pass/wrong-text-only/loops/bytecode", "unbalanced '<'"),
    ("pass/wrong-defaults/options/defaults", "number"),
    ("pass/wrong-takes/options/unknown", "exit code 0"),
    ("pass/wrong-takes/options/bad-value/choice", "exit code 0"),
];

#[test]
fn mistakes_of_passes_are_found() {
    let plugin = beside("libwrong_plugin.so");
    let cases = check(&[&plugin], &["--filter=pass/*", "--time-limit=5"]);
    for (name, words) in MISTAKES {
        fails(&cases, name, words);
    }
    // What is not wrong with them is not called so.
    for name in [
        "pass/wrong-twice/tensors/runs",
        "pass/wrong-shares/tensors/threads",
        "pass/wrong-twice/empty/runs",
        "pass/wrong-text-only/loops/runs",
        "pass/wrong-takes/options/round-trip",
    ] {
        assert_eq!(cases[name], "passed", "{name}");
    }
}
