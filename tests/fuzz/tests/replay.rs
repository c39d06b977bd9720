//! Every input that is kept goes through the function that the fuzzer calls: those of `corpus/`, which reach each part of
//! the parsers, and those of `regressions/`, each of which was a crash, a hang or took too much memory.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use ropt_fuzz::TARGETS;

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What lies in a folder, sorted; nothing when there is none.
fn inside(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn replay(kind: &str) -> usize {
    let mut count = 0;
    for target in TARGETS {
        for path in inside(&folder().join(kind).join(target.name)) {
            // The test's output ends with the one that failed.
            println!("{}", path.display());
            (target.run)(&fs::read(&path).expect("a readable file"));
            count += 1;
        }
    }
    count
}

#[test]
fn corpus_runs_through() {
    assert!(replay("corpus") >= TARGETS.len());
}

#[test]
fn regressions_stay_mended() {
    assert!(replay("regressions") > 0);
}

#[test]
fn each_target_has_a_program_and_a_corpus() {
    let names: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let manifest = fs::read_to_string(folder().join("libfuzzer/Cargo.toml")).expect("a readable file");
    let programs = manifest.split("[[bin]]\n").skip(1).filter_map(|program| program.split('"').nth(1));
    assert_eq!(programs.map(str::to_owned).collect::<BTreeSet<_>>(), names);
    for kind in ["corpus", "regressions"] {
        for path in inside(&folder().join(kind)) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            assert!(names.contains(&name), "{} is the folder of no target", path.display());
        }
    }
    for path in inside(&folder().join("libfuzzer/dict")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert!(names.contains(&name), "{} is the dictionary of no target", path.display());
    }
    let without = names.iter().filter(|name| inside(&folder().join("corpus").join(name)).is_empty());
    assert_eq!(without.collect::<Vec<_>>(), Vec::<&String>::new(), "targets without a corpus");
}
