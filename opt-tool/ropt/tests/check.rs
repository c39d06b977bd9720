//! `ropt plugins check` finds what is wrong: plugins with one mistake each fail the case that is about it, and no other
//! kind of case. That the shipped plugins pass is a step of its own, `cargo xtask test conformance`.
//!
//! The plugins are tests/plugins/wrong and wrong-driver, which `cargo build` leaves beside `ropt`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

const ROPT: &str = env!("CARGO_BIN_EXE_ropt");

fn beside(file: &str) -> PathBuf {
    let path = Path::new(ROPT).with_file_name(file);
    assert!(path.is_file(), "{} is not there; `cargo build --release` first", path.display());
    path
}

fn command(plugins: &[&Path], flags: &[&str]) -> Output {
    let mut ropt = Command::new(ROPT);
    ropt.args(["plugins", "check"]).args(plugins).args(flags);
    ropt.output().expect("ropt runs")
}

/// Every case with `passed`, `not run`, or what was found instead.
fn check(plugins: &[&Path], flags: &[&str]) -> BTreeMap<String, String> {
    let all: Vec<&str> = std::iter::once("--format=json").chain(flags.iter().copied()).collect();
    let output = command(plugins, &all);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {errors}"));
    let failed = report["failed"].as_u64().expect("a count");
    assert_eq!(output.status.code(), Some(i32::from(failed > 0)), "{errors}");
    let cases = report["cases"].as_array().expect("cases").iter();
    cases
        .map(|case| {
            let verdict = case["verdict"].as_str().expect("a verdict");
            let shown = if verdict == "failed" { case["found"].as_str().expect("what came") } else { verdict };
            (case["name"].as_str().expect("a name").to_owned(), shown.to_owned())
        })
        .collect()
}

/// The cases fail and what came instead holds the words.
fn fails(cases: &BTreeMap<String, String>, name: &str, words: &str) {
    let found = cases.get(name).unwrap_or_else(|| panic!("no case {name} among {:?}", cases.keys()));
    assert!(found.contains(words), "{name}: wanted `{words}` in `{found}`");
    assert!(found != "passed" && found != "not run", "{name}: {found}");
}

fn driver(bug: &str, demand: &str, words: &str) {
    let plugin = beside("libwrong_driver.so");
    let (device, filter) = (format!("--device=wrong:{bug}"), format!("--filter=driver/wrong/{demand}"));
    let cases = check(&[&plugin], &[&device, &filter, "--time-limit=20"]);
    fails(&cases, &format!("driver/wrong/{demand}"), words);
}

#[test]
fn a_driver_without_a_mistake_passes_what_the_others_fail() {
    let plugin = beside("libwrong_driver.so");
    // It is written with the SDK, so these hold; what it forwards is the CPU driver's.
    for filter in ["driver/wrong/memory/*", "driver/wrong/dispatch/*"] {
        let cases = check(&[&plugin], &["--device=wrong", &format!("--filter={filter}")]);
        assert!(cases.len() >= 8 && cases.values().all(|verdict| verdict == "passed"), "{cases:#?}");
    }
}

#[test]
fn mistakes_with_memory_are_found() {
    driver("misaligned", "memory/alignment", "expected a multiple of 64");
    driver("fill", "memory/fill", "patterns of 2 bytes");
    driver("copy", "memory/copy", "99 bytes copied from 1 to 0");
    driver("out-of-memory", "errors/out-of-memory", "succeeds");
    driver("release", "errors/release-unknown", "succeeds");
    driver("release", "errors/release-twice", "succeeds");
    driver("leak-memory", "leaks/memory", "bytes more after each quarter");
}

#[test]
fn mistakes_with_executables_are_found() {
    for demand in
        ["empty-object", "truncated-object", "garbage-object", "damaged-header", "foreign-object", "missing-export"]
    {
        driver("objects", &format!("errors/{demand}"), "succeeds");
    }
    driver("silent", "errors/garbage-object", "an empty text");
    driver("format", "errors/unknown-format", "succeeds");
    driver("unload", "errors/unload-twice", "succeeds");
    driver("unload", "errors/unload-unknown", "succeeds");
    driver("leak-executables", "leaks/executables", "after each quarter");
    driver("leak-files", "leaks/devices", "descriptors");
}

#[test]
fn mistakes_with_dispatches_are_found() {
    for demand in ["grid-too-large", "too-many-bindings", "too-few-bindings", "wrong-constants", "unknown-ordinal"] {
        driver("dispatch", &format!("errors/{demand}"), "succeeds");
    }
    driver("result", "dispatch/offsets", "elements differ");
    driver("result", "dispatch/in-place", "elements differ");
    driver("result", "dispatch/order", "elements differ");
    driver("random", "dispatch/deterministic", "found");
    driver("neighbours", "dispatch/neighbours", "the 256 bytes behind the result");
    driver("empty-grid", "dispatch/empty-grid", "the result's memory");
    driver("clock", "dispatch/clock", "NaN");
    driver("batch", "dispatch/batch", "elements differ");
    driver("threads", "threads/devices", "another thread is in a dispatch");
}

#[test]
fn a_driver_that_crashes_or_hangs_costs_its_cases_only() {
    driver("crash", "dispatch/order", "a crash in export");
    let plugin = beside("libwrong_driver.so");
    let flags = ["--device=wrong:hang", "--filter=driver/wrong/dispatch/b*", "--filter=driver/wrong/memory/fill"];
    let cases = check(&[&plugin], &[&flags[..], &["--time-limit=3"]].concat());
    fails(&cases, "driver/wrong/dispatch/batch", "no end within 3 s");
    // Every demand but those on the bare device begins with a dispatch.
    fails(&cases, "driver/wrong/memory/fill", "no end within 3 s");
}

#[test]
fn wrong_results_are_told_from_the_reference() {
    let (target, plugin) = (beside("libropt_target_cpu.so"), beside("libwrong_driver.so"));
    for name in [
        "target/llvm-cpu/ops/arithmetic/add/f32",
        "target/llvm-cpu/ops/contraction/matmul/i8",
        "target/llvm-cpu/shapes/dynamic/elementwise/f32",
        "target/llvm-cpu/interface/push-constant/i64",
    ] {
        let cases = check(&[&target, &plugin], &["--device=wrong:result", &format!("--filter={name}")]);
        fails(&cases, name, "elements differ");
        let cases = check(&[&target, &plugin], &["--device=wrong", &format!("--filter={name}")]);
        assert_eq!(cases[name], "passed");
    }
}

fn target(bug: &str, case: &str, words: &str) {
    let (plugin, flag) = (beside("libwrong_plugin.so"), format!("--wrong-bug={bug}"));
    let name = format!("target/wrong-text/{case}");
    let cases = check(&[&plugin], &["--time-limit=20", &format!("--filter={name}"), "--", &flag]);
    fails(&cases, &name, words);
}

#[test]
fn mistakes_of_targets_are_found() {
    target("random", "determinism/objects", "differs from byte");
    target("random", "threads/compile", "differs");
    target("leak", "leaks/compile", "bytes more after each quarter");
    target("crash", "determinism/objects", "error: ");
    let plugin = beside("libwrong_plugin.so");
    let cases = check(&[&plugin], &["--filter=*/wrong-text/*/add/f32", "--filter=*/wrong-text/determinism/*"]);
    // Without a device it is only seen that it compiles.
    assert_eq!(cases["compile/wrong-text/ops/arithmetic/add/f32"], "passed");
    assert_eq!(cases["target/wrong-text/ops/arithmetic/add/f32"], "not run");
    assert_eq!(cases["target/wrong-text/determinism/objects"], "passed");
}

#[test]
fn mistakes_of_passes_are_found() {
    let plugin = beside("libwrong_plugin.so");
    let cases = check(&[&plugin], &["--filter=pass/*", "--filter=manifest/*", "--time-limit=5"]);
    fails(&cases, "pass/wrong-twice/tensors/idempotent", "wrong.marks");
    fails(&cases, "pass/wrong-prints/tensors/runs", "a function");
    fails(&cases, "pass/wrong-varies/tensors/threads", "wrong.process");
    fails(&cases, "pass/wrong-shares/tensors/clone", "wrong.number");
    fails(&cases, "pass/wrong-breaks/loops/runs", "exit code 3");
    fails(&cases, "pass/wrong-crashes/loops/runs", "`wrong-crashes` of plugin wrong");
    fails(&cases, "pass/wrong-hangs/loops/runs", "no end within 5 s");
    fails(&cases, "pass/wrong-defaults/options/defaults", "number");
    fails(&cases, "manifest/wrong/options", "option `number` of pass `wrong-defaults`");
    fails(&cases, "manifest/wrong/help", "option `undocumented`");
    // What is not wrong with them is not called so.
    for name in [
        "pass/wrong-twice/tensors/runs",
        "pass/wrong-shares/tensors/threads",
        "pass/wrong-twice/empty/runs",
        "manifest/wrong/names",
    ] {
        assert_eq!(cases[name], "passed", "{name}");
    }
}

#[test]
fn a_manifest_that_lies_is_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut bytes = fs::read(beside("libprobe_plugin.so")).expect("the plugin is read");
    let (from, to) = (b"\"pass\":\"probe-panic\"", b"\"pass\":\"probe-panik\"");
    let at = bytes.windows(from.len()).position(|window| window == from).expect("the manifest names the pass");
    bytes[at..at + to.len()].copy_from_slice(to);
    let plugin = folder.path().join("lying.so");
    fs::write(&plugin, bytes).expect("the plugin is written");
    let cases = check(&[&plugin], &["--filter=manifest/*"]);
    fails(&cases, "manifest/probe/registered", "probe-panik");
}

#[test]
fn what_cannot_be_loaded_and_what_is_asked_wrongly_have_codes_of_their_own() {
    let (folder, plugin) = (tempfile::tempdir().expect("a temporary folder"), beside("libprobe_plugin.so"));
    let broken = folder.path().join("broken.so");
    fs::write(&broken, "no plugin\n").expect("the file is written");
    for path in [broken.as_path(), &folder.path().join("missing.so")] {
        let output = command(&[path], &[]);
        assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty() && String::from_utf8_lossy(&output.stderr).contains("error:"));
    }
    assert_eq!(command(&[&plugin], &["--filter=no/such/case"]).status.code(), Some(2));
    assert_eq!(command(&[&plugin], &["--filter=a[b"]).status.code(), Some(2));
    assert_eq!(command(&[], &[]).status.code(), Some(2));
}

#[test]
fn a_report_goes_to_a_file_and_files_are_kept() {
    let (folder, plugin) = (tempfile::tempdir().expect("a temporary folder"), beside("libwrong_plugin.so"));
    let (report, keep) = (folder.path().join("report.xml"), folder.path().join("kept"));
    let flags = ["--format=junit", "--filter=pass/wrong-prints/tensors/runs", "-o"];
    let keep_flag = format!("--keep={}", keep.display());
    let output = command(&[&plugin], &[&flags[..], &[report.to_str().expect("UTF-8"), &keep_flag]].concat());
    assert_eq!(output.status.code(), Some(1));
    let xml = fs::read_to_string(&report).expect("the report is written");
    assert!(xml.contains("failures=\"1\"") && xml.contains("<failure message="), "{xml}");
    let commands = fs::read_to_string(keep.join("pass/wrong-prints/tensors/runs/commands.sh")).expect("commands");
    assert!(commands.contains("--pass-pipeline="), "{commands}");
    // The line that a failure ends with runs the case again.
    let text = command(&[&plugin], &["--filter=pass/wrong-prints/tensors/runs"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    let again = text.lines().find_map(|line| line.trim().strip_prefix("again     ropt ")).expect("how to see it again");
    let again = again.replace("--keep=check", &keep_flag);
    let output = Command::new(ROPT).args(again.split(' ')).output().expect("ropt runs");
    assert_eq!(output.status.code(), Some(1), "{again}");
}
