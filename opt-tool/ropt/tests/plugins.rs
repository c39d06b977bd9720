//! Plugins that do not belong to this host: each is refused in one sentence, before any of its code runs.
//!
//! The files are made from a real plugin, which `cargo build` leaves beside `ropt`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ROPT: &str = env!("CARGO_BIN_EXE_ropt");

fn real_plugin() -> Vec<u8> {
    let path = Path::new(ROPT).with_file_name("libropt_dump.so");
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; `cargo build --release` first", path.display()))
}

/// The plugin under other names, so that it does not clash with the one that is found.
fn renamed() -> Vec<u8> {
    let names = [
        ("\"plugin\":\"dump\"", "\"plugin\":\"dumq\""),
        ("hal-dump-", "hal-dumq-"),
        ("hal-capture-", "hal-captuce-"),
        ("hal-strip-", "hal-strib-"),
    ];
    names.into_iter().fold(real_plugin(), |bytes, (from, to)| replaced(bytes, from, to))
}

/// Every occurrence of a text replaced by one as long.
fn replaced(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> =
        (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from.as_bytes())).collect();
    assert!(!places.is_empty(), "{from} is not in the plugin");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

struct Case {
    _folder: tempfile::TempDir,
    plugin: PathBuf,
    input: PathBuf,
}

impl Case {
    fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (plugin, input) = (folder.path().join("vendor.so"), folder.path().join("in.mlir"));
        fs::write(&plugin, bytes).expect("the plugin is written");
        fs::write(&input, "hal.executable private @e { }\n").expect("the input is written");
        Self { _folder: folder, plugin, input }
    }

    fn run(&self, pass: &str) -> Output {
        let mut ropt = Command::new(ROPT);
        ropt.arg(&self.input).arg(format!("--load-plugin={}", self.plugin.display())).arg(pass);
        ropt.output().expect("ropt runs")
    }

    fn refused(&self, pass: &str, sentence: &str) {
        let output = self.run(pass);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{errors}");
        assert!(errors.contains(sentence), "wanted `{sentence}` in\n{errors}");
        assert!(errors.contains("vendor.so"), "the file is not named in\n{errors}");
        assert!(output.stdout.is_empty(), "nothing is printed");
    }
}

#[test]
fn a_plugin_from_elsewhere_runs() {
    let case = Case::new(&renamed());
    let output = case.run("--hal-dumq-executable-sources=path=-");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{errors}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("hal.executable private @e"), "{errors}");
}

#[test]
fn another_abi_major_is_refused() {
    let (major, minor) = (ropt_abi::ABI_MAJOR, ropt_abi::ABI_MINOR);
    let (own, next) = (format!("{major}.{minor}"), format!("{}.{minor}", major + 1));
    let bytes = replaced(renamed(), &format!("\"abi\":\"{own}\""), &format!("\"abi\":\"{next}\""));
    let sentence = format!("built for plugin ABI {next}, this host speaks {own}");
    Case::new(&bytes).refused("--canonicalize", &sentence);
}

#[test]
fn another_mlir_is_refused_when_it_is_used() {
    let bytes = replaced(renamed(), "\"mlir\":\"22.", "\"mlir\":\"19.");
    let case = Case::new(&bytes);
    case.refused("--hal-dumq-executable-sources=path=-", "was built with MLIR 19.");
    assert_eq!(case.run("--canonicalize").status.code(), Some(0), "a plugin that is not used is not loaded");
}

#[test]
fn a_second_mlir_is_refused() {
    let needed = ropt_soname();
    let other = needed.replace("libropt_mlir", "libropt_mlix").replace("libropt_mlix", "libMLIR_mlir");
    let bytes = replaced(renamed(), &needed, &other);
    Case::new(&bytes).refused("--hal-dumq-executable-sources=path=-", "but the only MLIR of a ropt process is");
}

/// The library's name as the linker put it into the plugin.
fn ropt_soname() -> String {
    let bytes = real_plugin();
    let start = b"libropt_mlir.so.";
    let at = (0..bytes.len() - start.len()).find(|at| bytes[*at..].starts_with(start)).expect("it links MLIR");
    let end = bytes[at..].iter().position(|byte| *byte == 0).expect("a C string");
    String::from_utf8(bytes[at..at + end].to_vec()).expect("a name")
}

#[test]
fn a_truncated_file_is_refused() {
    let bytes = renamed();
    for length in [0, 3, 64, 1000, bytes.len() / 2] {
        Case::new(&bytes[..length]).refused("--canonicalize", "cannot use plugin");
    }
}

#[test]
fn names_that_nothing_can_hold_are_refused() {
    let case = |from, to: &str| Case::new(&replaced(renamed(), from, to));
    let name = "\"pass\":\"hal-dumq-executable-sources\"";
    case(name, &name.replace("-sources", " sources"))
        .refused("--canonicalize", "names a pass `hal-dumq-executable sources`");
    case(name, "\"pass\":\"\",\"x\":\"--------------------\"").refused("--canonicalize", "names a pass ``");
}

/// One that was found in a folder costs only itself.
#[test]
fn a_broken_plugin_in_a_folder_is_passed_over_by_name() {
    let bytes = renamed();
    let case = Case::new(&bytes);
    let folder = case.plugin.parent().expect("a folder");
    let broken = folder.join("libbroken.so");
    fs::write(&broken, &bytes[..bytes.len() / 2]).expect("the plugin is written");
    fs::rename(&case.plugin, folder.join("libvendor.so")).expect("beside it is a good one");
    for arguments in
        [&["--hal-dumq-executable-sources=path=-"][..], &["--isolate=process", "--hal-dumq-executable-sources=path=-"]]
    {
        let mut ropt = Command::new(ROPT);
        let output = ropt.env("ROPT_PLUGIN_PATH", folder).arg(&case.input).args(arguments).output().expect("ropt runs");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{errors}");
        let said = format!("warning: cannot use plugin {}: ", broken.display());
        assert_eq!(errors.matches(&said).count(), 1, "{errors}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("hal.executable private @e"), "{errors}");
    }
    let load = format!("--load-plugin={}", broken.display());
    let output = Command::new(ROPT).arg(&case.input).arg(&load).output().expect("ropt runs");
    assert_eq!(output.status.code(), Some(3), "one that is named is wanted");
}

#[test]
fn what_is_no_plugin_is_refused() {
    Case::new(b"just a text\n").refused("--canonicalize", "not a readable ELF library");
    let ropt = fs::read(ROPT).expect("ropt is a file");
    Case::new(&ropt).refused("--canonicalize", "not a ropt plugin");
}

#[test]
fn two_plugins_with_one_pass_are_refused_by_name() {
    let bytes = replaced(real_plugin(), "\"plugin\":\"dump\"", "\"plugin\":\"dumq\"");
    let case = Case::new(&bytes);
    case.refused("--canonicalize", "is in two plugins:");
    let errors = String::from_utf8_lossy(&case.run("--canonicalize").stderr).into_owned();
    assert!(errors.contains("libropt_dump.so"), "{errors}");
}
