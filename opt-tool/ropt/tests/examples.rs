//! The examples in the documentation of the shipped passes print what they promise.

use std::process::{Command, Output};

fn ropt(arguments: &[&str]) -> Output {
    let mut ropt = Command::new(env!("CARGO_BIN_EXE_ropt"));
    ropt.args(arguments).output().expect("ropt runs; `cargo build --release` makes the plugins beside it")
}

#[test]
fn the_shipped_passes_do_what_their_examples_say() {
    let done = ropt(&["passes", "test"]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let ran = said.lines().filter(|line| line.starts_with("PASS ")).count();
    assert!(ran >= 20, "only {ran} examples:\n{said}");
}

#[test]
fn a_pass_is_tested_by_its_alias_and_shown_with_its_example() {
    let done = ropt(&["passes", "test", "iree-hal-prune-executables"]);
    assert_eq!(String::from_utf8_lossy(&done.stdout), "PASS hal-prune-executables\n1 passed, 0 failed\n");
    let shown = ropt(&["passes", "show", "hal-prune-executables"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("  example\n"), "{shown}");
    assert!(shown.contains("    // becomes, by builtin.module(hal-prune-executables)\n"), "{shown}");
    assert!(!shown.contains("```"), "the block's fences are no part of the help:\n{shown}");
}

#[test]
fn names_without_an_example_are_refused() {
    for (name, words) in
        [("hal-prune-executable", "no pass of a plugin is named"), ("hal-dump-phase", "has no example")]
    {
        let done = ropt(&["passes", "test", name]);
        assert_eq!(done.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&done.stderr).contains(words), "{name}");
    }
}

#[test]
fn an_example_that_does_not_end_fails() {
    let hostile = std::path::Path::new(env!("CARGO_BIN_EXE_ropt")).with_file_name("libhostile_passes.so");
    let load = format!("--load-plugin={}", hostile.display());
    let done = ropt(&["passes", "test", "--pass-timeout=0.5", &load, "hostile-sleep"]);
    assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.starts_with("FAIL hostile-sleep\n"), "{said}");
    assert!(said.contains("did not end within 0.5 s") && said.ends_with("0 passed, 1 failed\n"), "{said}");
}
