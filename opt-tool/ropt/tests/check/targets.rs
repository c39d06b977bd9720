//! Targets: tests/plugins/wrong's `wrong-text` with one mistake, and the CPU's on a driver with one.

use crate::{beside, check, fails};

/// The mistake of `wrong-text`, the case that finds it, and what is found.
pub(crate) const MISTAKES: &[(&str, &str, &str)] = &[
    ("random", "target/wrong-text/determinism/objects", "differs from byte"),
    ("random", "target/wrong-text/threads/compile", "differs"),
    ("leak", "target/wrong-text/leaks/compile", "bytes more after each quarter"),
    ("crash", "target/wrong-text/determinism/objects", "error: "),
    ("crash", "target/wrong-text/errors/object-empty", "error: "),
    ("crash", "compile/wrong-text/shapes/zero-sized/vector/f32", "error: "),
    ("objects", "target/wrong-text/objects/given-back", "is not liked"),
    // Without any of these it takes every object.
    ("none", "target/wrong-text/errors/object-of-another-kernel", "exit code 0"),
    ("none", "target/wrong-text/errors/object-truncated", "exit code 0"),
    ("none", "target/wrong-text/errors/object-cut-early", "exit code 0"),
    ("none", "target/wrong-text/errors/object-garbage", "exit code 0"),
    ("none", "target/wrong-text/errors/object-damaged-header", "exit code 0"),
    ("none", "target/wrong-text/errors/object-text", "exit code 0"),
];

/// The mistake of the driver, the case of the CPU's target that finds it, and what is found.
pub(crate) const ON_DRIVER: &[(&str, &str, &str)] = &[
    ("result", "target/llvm-cpu/threads/kernels", "differs from what is expected"),
    // A crash is no refusal, though `ropt-run` says it in words.
    ("out-of-memory", "target/llvm-cpu/errors/out-of-memory", "a crash in export"),
    // It has a device of the unknown name, whatever its mistake.
    ("", "target/llvm-cpu/errors/unknown-device", "exit code 0"),
    ("zero-bytes", "target/llvm-cpu/shapes/zero-sized/vector/f32", "nothing to allocate"),
    ("zero-bytes", "target/llvm-cpu/shapes/zero-sized/matrix/i32", "nothing to allocate"),
];

#[test]
fn mistakes_of_targets_are_found() {
    let plugin = beside("libwrong_plugin.so");
    for (mistake, name, words) in MISTAKES {
        let (filter, flag) = (format!("--filter={name}"), format!("--wrong-bug={mistake}"));
        let cases = check(&[&plugin], &["--time-limit=20", &filter, "--", &flag]);
        fails(&cases, name, words);
    }
    let cases = check(&[&plugin], &["--filter=*/wrong-text/*/add/f32", "--filter=*/wrong-text/determinism/*"]);
    // Without a device it is only seen that it compiles.
    assert_eq!(cases["compile/wrong-text/ops/arithmetic/add/f32"], "passed");
    assert_eq!(cases["target/wrong-text/ops/arithmetic/add/f32"], "not run");
    assert_eq!(cases["target/wrong-text/determinism/objects"], "passed");
    assert_eq!(check(&[&plugin], &["--filter=*/given-back"])["target/wrong-text/objects/given-back"], "passed");
}

#[test]
fn mistakes_that_show_when_a_program_runs_are_found() {
    let (target, plugin) = (beside("libropt_target_cpu.so"), beside("libwrong_driver.so"));
    for (mistake, name, words) in ON_DRIVER {
        let device = format!("--device=wrong:{mistake}");
        let cases = check(&[&target, &plugin], &[&device, &format!("--filter={name}")]);
        fails(&cases, name, words);
    }
}

/// Programs of every kind, of one type: where the last byte of each kernel's result is another one, every case fails.
#[test]
fn every_program_is_told_from_one_with_a_wrong_byte() {
    let (target, plugin) = (beside("libropt_target_cpu.so"), beside("libwrong_driver.so"));
    let flags = [
        "--filter=target/llvm-cpu/ops/*/f32",
        "--filter=target/llvm-cpu/ops/bits/*/i32",
        "--filter=target/llvm-cpu/shapes/*/f32",
        "--filter=target/llvm-cpu/interface/*/f32",
        "--filter=target/llvm-cpu/interface/several-exports*",
        "--device=wrong:result",
    ];
    let cases = check(&[&target, &plugin], &flags);
    assert!(cases.len() > 80, "{}", cases.len());
    let nothing = |name: &str| name.contains("/zero-sized/vector/") || name.contains("/zero-sized/matrix/");
    for name in cases.keys() {
        // These have no byte.
        if nothing(name) {
            assert_eq!(cases[name], "passed", "{name}");
        } else {
            fails(&cases, name, "elements differ");
        }
    }
    // It is the byte: without it they pass.
    let sound = ["--device=wrong", "--filter=*/arithmetic/add/f32", "--filter=*/matmul/i8", "--filter=*/dynamic/*/f32"];
    let cases = check(&[&target, &plugin], &sound);
    assert!(cases.len() >= 4 && cases.values().all(|verdict| verdict == "passed"), "{cases:#?}");
}
