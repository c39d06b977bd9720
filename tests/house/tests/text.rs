//! What a file may hold: how long it is, what words it must not use, what every crate must say.

use std::fs;

use ropt_house_tests::{Crates, assert_none, root, texts};

/// Lines of a file that a person still reads in one go.
const LONGEST: usize = 450;

#[test]
fn no_file_is_too_long() {
    let sources = texts(&["rs", "py", "c", "cpp", "h"]);
    let long = sources.iter().filter(|(_, text)| text.lines().count() > LONGEST);
    let complaints: Vec<String> =
        long.map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count())).collect();
    assert_none(&format!("a file has at most {LONGEST} lines:"), &complaints);
}

#[test]
fn nothing_names_one_machine_or_is_unfinished() {
    // Put together here so that this file does not hold the words itself.
    let words = [
        ["/ro", "ot/"],
        ["/wo", "rk/"],
        ["/ho", "me/"],
        ["/tmp/br", "ief"],
        ["DESIGN", ".md"],
        ["FACTS", ".md"],
        ["STYLE", ".md"],
        ["to", "do!("],
        ["unimple", "mented!("],
        ["FIX", "ME"],
        ["XX", "X:"],
        ["#[ign", "ore"],
    ]
    .map(|parts| parts.concat());
    let mut complaints = Vec::new();
    for (path, text) in texts(&["rs", "py", "c", "cpp", "h", "td", "mlir", "md", "toml", "yml", "txt", "cfg"]) {
        for (number, line) in text.lines().enumerate() {
            let found = words.iter().filter(|word| line.contains(word.as_str()));
            complaints.extend(found.map(|word| format!("{}:{}: {word}", path.display(), number + 1)));
        }
    }
    assert_none("the tree holds no place of one machine and nothing unfinished:", &complaints);
}

#[test]
fn every_crate_takes_the_lints_and_the_licence_of_the_workspace() {
    let mut complaints = Vec::new();
    for (name, folder) in Crates::read().members() {
        let manifest = fs::read_to_string(root().join(&folder).join("Cargo.toml")).unwrap_or_default();
        for line in ["[lints]\nworkspace = true", "license.workspace = true", "publish = false", "description = "] {
            if !manifest.contains(line) {
                complaints.push(format!("{name}: {}/Cargo.toml lacks {line:?}", folder.display()));
            }
        }
    }
    assert_none("crates share lints and licence:", &complaints);
}

#[test]
fn every_unsafe_block_says_why_it_is_sound() {
    let mut complaints = Vec::new();
    for (path, text) in texts(&["rs"]) {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let block = code.contains("unsafe {") && !code.contains("\"unsafe {");
            if !block && !code.trim_start().starts_with("unsafe impl") {
                continue;
            }
            // The comment stands above the statement, which may begin some lines earlier.
            let above = &lines[number.saturating_sub(8)..=number];
            if !above.iter().any(|line| line.contains("SAFETY:")) {
                complaints.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert_none("an unsafe block has a `// SAFETY:` line above it:", &complaints);
}

#[test]
fn traits_and_macros_of_the_sdk_are_shown_by_an_example() {
    let sdk =
        texts(&["rs"]).into_iter().filter(|(path, _)| path.starts_with("core/plugin") && !path.ends_with("derive"));
    let (mut complaints, mut found) = (Vec::new(), 0);
    for (path, text) in sdk {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (number, line) in lines.iter().enumerate() {
            if !line.starts_with("pub trait ") && !line.starts_with("macro_rules! ") {
                continue;
            }
            let above = lines[..number].iter().rev();
            let above: Vec<&str> =
                above.copied().take_while(|line| line.starts_with("///") || line.starts_with("#[")).collect();
            if above.contains(&"#[doc(hidden)]") || (line.starts_with("macro") && !above.contains(&"#[macro_export]")) {
                continue;
            }
            found += 1;
            if !above.iter().any(|line| line.starts_with("/// ```")) {
                complaints.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    assert!(found >= 8, "only {found} traits and macros were found");
    assert_none("an author learns by examples, which `cargo test` runs:", &complaints);
}

#[test]
fn no_conflict_of_a_merge_is_left() {
    let mut complaints = Vec::new();
    for (path, text) in texts(&["rs", "md", "toml", "py", "mlir", "cpp", "h", "td", "txt"]) {
        for (number, line) in text.lines().enumerate() {
            if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
                complaints.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert_none("conflicts of merges are settled:", &complaints);
}
