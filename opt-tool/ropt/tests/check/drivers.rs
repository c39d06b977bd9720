//! Drivers: tests/plugins/wrong-driver with one mistake fails the demand that is about it.

use crate::{beside, check, command, fails};

/// The mistake, the demand that finds it, and what is found.
pub(crate) const MISTAKES: &[(&str, &str, &str)] = &[
    ("misaligned", "memory/alignment", "expected a multiple of 64"),
    ("zero-bytes", "memory/zero-bytes", "allocating 0 bytes fails"),
    ("write", "memory/write-read", "4097 bytes: expected"),
    ("write-inside", "memory/write-inside", "what was written to the middle"),
    ("copy", "memory/copy", "99 bytes copied from 1 to 0"),
    ("strided", "memory/copy-strided", "elements of 1 bytes transposed"),
    ("fill", "memory/fill", "patterns of 2 bytes"),
    ("fill-width", "memory/fill-odd-width", "filling with 3 bytes succeeds"),
    ("import", "memory/import", "imported memory: expected"),
    ("large", "memory/large", "allocating fails"),
    ("out-of-memory", "errors/out-of-memory", "succeeds"),
    ("release", "errors/release-unknown", "succeeds"),
    ("release", "errors/release-twice", "succeeds"),
    ("options", "errors/unknown-option", "opening `wrong:options,no-such-option=1` succeeds"),
    ("unload-fails", "executables/load-unload", "unloading fails"),
    ("one-at-a-time", "executables/two-at-once", "loading the sample's executable fails"),
    ("twice", "executables/again", "loading the sample's executable fails"),
    ("objects", "errors/empty-object", "succeeds"),
    ("objects", "errors/truncated-object", "succeeds"),
    ("objects", "errors/garbage-object", "succeeds"),
    ("objects", "errors/damaged-header", "succeeds"),
    ("objects", "errors/foreign-object", "succeeds"),
    ("objects", "errors/missing-export", "succeeds"),
    ("silent", "errors/garbage-object", "an empty text"),
    ("format", "errors/unknown-format", "succeeds"),
    ("unload", "errors/unload-twice", "succeeds"),
    ("unload", "errors/unload-unknown", "succeeds"),
    ("dispatch", "errors/grid-too-large", "succeeds"),
    ("dispatch", "errors/too-many-bindings", "succeeds"),
    ("dispatch", "errors/too-few-bindings", "succeeds"),
    ("dispatch", "errors/wrong-constants", "succeeds"),
    ("dispatch", "errors/unknown-ordinal", "succeeds"),
    ("dispatch", "errors/unknown-executable", "succeeds"),
    ("result", "dispatch/offsets", "elements differ"),
    ("result", "dispatch/in-place", "elements differ"),
    ("result", "dispatch/order", "elements differ"),
    ("random", "dispatch/deterministic", "found"),
    ("neighbours", "dispatch/neighbours", "the 256 bytes behind the result"),
    ("empty-grid", "dispatch/empty-grid", "the result's memory"),
    ("clock", "dispatch/clock", "NaN"),
    ("batch", "dispatch/batch", "elements differ"),
    ("crash", "dispatch/order", "a crash in export"),
    ("crash-allocate", "memory/write-read", "a crash in driver 'wrong'"),
    ("exit", "executables/load-unload", "it called exit"),
    ("leak-memory", "leaks/memory", "bytes more after each quarter"),
    ("leak-executables", "leaks/executables", "after each quarter"),
    ("leak-refused", "leaks/refused-objects", "bytes more after each quarter"),
    ("leak-dispatches", "leaks/dispatches", "bytes more after each quarter"),
    ("leak-files", "leaks/devices", "descriptors"),
    ("threads", "threads/devices", "another thread is in a dispatch"),
];

#[test]
fn a_driver_without_a_mistake_passes_what_the_others_fail() {
    let plugin = beside("libwrong_driver.so");
    // It is written with the SDK, so these hold; what it forwards is the CPU driver's.
    for filter in ["driver/wrong/memory/*", "driver/wrong/dispatch/*", "driver/wrong/executables/*"] {
        let cases = check(&[&plugin], &["--device=wrong", &format!("--filter={filter}")]);
        assert!(cases.len() >= 3 && cases.values().all(|verdict| verdict == "passed"), "{cases:#?}");
    }
}

#[test]
fn each_mistake_is_found_by_the_demand_that_is_about_it() {
    let plugin = beside("libwrong_driver.so");
    for (mistake, demand, words) in MISTAKES {
        let (device, filter) = (format!("--device=wrong:{mistake}"), format!("--filter=driver/wrong/{demand}"));
        let cases = check(&[&plugin], &[&device, &filter, "--time-limit=20"]);
        fails(&cases, &format!("driver/wrong/{demand}"), words);
    }
}

#[test]
fn a_driver_that_hangs_costs_its_cases_only() {
    let plugin = beside("libwrong_driver.so");
    let flags = ["--device=wrong:hang", "--filter=driver/wrong/dispatch/b*", "--filter=driver/wrong/memory/fill"];
    let cases = check(&[&plugin], &[&flags[..], &["--time-limit=3"]].concat());
    fails(&cases, "driver/wrong/dispatch/batch", "no end within 3 s");
    // Every demand but those on the bare device begins with a dispatch.
    fails(&cases, "driver/wrong/memory/fill", "no end within 3 s");
}

/// What a case needs is kept with it, the program that all cases of a driver run too.
#[test]
fn the_commands_of_a_kept_case_run_again() {
    let keep = tempfile::tempdir().expect("a temporary folder");
    let flags = ["--filter=driver/wrong/memory/write-read", &format!("--keep={}", keep.path().display())];
    let output = command(&[&beside("libwrong_driver.so")], &flags);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let script = keep.path().join("driver/wrong/memory/write-read/commands.sh");
    let again = std::process::Command::new("sh").arg(&script).output().expect("sh runs");
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
}
