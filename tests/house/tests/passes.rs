//! One pass, one file, one lit test, all of one name.
//!
//! The rule: the pass `hal-dump-executable-sources` lies in a file `dump_executable_sources.rs` (its name without the
//! first word, which says whose it is) and has a lit test `dump-executable-sources.mlir` in its plugin's folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use ropt_house_tests::{assert_none, files, texts};

/// The name in each `#[pass(name = "…"` of a file.
fn passes_of(text: &str) -> Vec<String> {
    let declarations = text.match_indices("#[pass(").filter(|(at, _)| {
        let line = text[..*at].rsplit('\n').next().unwrap_or_default();
        line.trim().is_empty()
    });
    let name = |(at, _): (usize, &str)| {
        let rest = text[at..].split_once("name")?.1.split_once('"')?.1;
        Some(rest.split_once('"')?.0.to_owned())
    };
    declarations.filter_map(name).collect()
}

/// Every pass of the shipped plugins with the file that declares it.
fn passes() -> BTreeMap<String, PathBuf> {
    let sources =
        texts(&["rs"]).into_iter().filter(|(path, _)| path.starts_with("plugins") || path.starts_with("targets"));
    sources.flat_map(|(path, text)| passes_of(&text).into_iter().map(move |name| (name, path.clone()))).collect()
}

fn without_first_word(pass: &str) -> &str {
    pass.split_once('-').map_or(pass, |(_, rest)| rest)
}

#[test]
fn a_pass_lies_in_the_file_of_its_name() {
    let passes = passes();
    assert!(!passes.is_empty(), "no #[pass(name = …)] under plugins/ or targets/");
    let mut complaints = Vec::new();
    let mut taken = BTreeMap::new();
    for (pass, path) in &passes {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let wanted = without_first_word(pass).replace('-', "_");
        // A pass that grew has a folder: `form_dispatches/mod.rs` is not used here, `form_dispatches.rs` stays.
        if stem != wanted {
            complaints.push(format!("{pass} lies in {}, expected a file {wanted}.rs", path.display()));
        }
        if let Some(other) = taken.insert(path, pass) {
            complaints.push(format!("{} holds both {other} and {pass}", path.display()));
        }
    }
    assert_none("a pass is found by its name:", &complaints);
}

#[test]
fn a_pass_has_the_lit_test_of_its_name() {
    let tests: BTreeSet<String> = files()
        .into_iter()
        .filter(|path| path.starts_with("tests/lit"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    let untested = passes().into_keys().filter(|pass| !tests.contains(without_first_word(pass)));
    let complaints: Vec<String> =
        untested.map(|pass| format!("{pass}: no tests/lit/**/{}.mlir", without_first_word(&pass))).collect();
    assert_none("every pass has a lit test of its name:", &complaints);
}
