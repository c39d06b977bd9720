//! `ropt plugins check` finds what is wrong: plugins with one mistake each fail the case that is about it, and no other
//! kind of case; `kinds` holds that no kind of case is without such a plugin. That the shipped plugins pass is a step of its own, `cargo xtask test conformance`.
//!
//! The plugins are tests/plugins/wrong and wrong-driver, which `cargo build` leaves beside `ropt`.

mod drivers;
mod kinds;
mod manifests;
mod passes;
mod targets;

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
