//! What the documents point at is there: links, their anchors, files of the repository, pages of the book.

use ropt_house_tests::{assert_none, root, texts};
use std::path::Path;

/// A document's lines outside of blocks of code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut code = false;
    text.lines().enumerate().filter_map(move |(at, line)| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        (!code && !fence).then_some((at + 1, line))
    })
}

/// What stands between `](` and `)` outside of inline code.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split('`')
        .step_by(2)
        .flat_map(|text| text.split("](").skip(1))
        .filter_map(|rest| Some(rest.split_once(')')?.0))
}

/// A heading's anchor, as GitHub and mdbook make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn has_anchor(file: &Path, wanted: &str) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    prose(&text).any(|(_, line)| line.starts_with('#') && anchor(line) == wanted)
}

#[test]
fn every_link_leads_somewhere() {
    let (mut complaints, mut seen) = (Vec::new(), 0);
    for (path, text) in texts(&["md"]) {
        let folder = path.parent().unwrap_or(Path::new(""));
        for (number, line) in prose(&text) {
            for link in links(line).filter(|link| !link.contains("://")) {
                seen += 1;
                let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
                let target = if file.is_empty() { root().join(&path) } else { root().join(folder).join(file) };
                if !target.exists() || (!fragment.is_empty() && !has_anchor(&target, fragment)) {
                    complaints.push(format!("{}:{number}: {link}", path.display()));
                }
            }
        }
    }
    assert!(seen > 15, "only {seen} links are seen: does this test read the documents?");
    assert_none("a link leads to a file that is there, and to a heading in it", &complaints);
}

/// A word in a document that is a path in this repository, if it is to be taken as one. Words in capitals stand for
/// something.
fn named_path(word: &str) -> Option<&str> {
    let folders = ["benchmarks", "core", "docs", "examples", "opt-tool", "plugins", "targets", "tests", "xtask"];
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '/');
    let (first, rest) = word.split_once('/')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let placeholder = rest.contains("MAJOR");
    (folders.contains(&first) && !rest.is_empty() && !placeholder && rest.chars().all(plain)).then_some(word)
}

#[test]
fn files_that_documents_name_are_there() {
    let (mut complaints, mut seen) = (Vec::new(), 0);
    for (path, text) in texts(&["md"]) {
        // Other pages are about crates outside of the workspace, and name their files; so does the book with `tests/FILE`.
        let about_all = path.components().count() == 1 || path.starts_with("docs");
        let of_a_crate = |word: &&str| {
            path.starts_with("docs") && word.strip_prefix("tests/").is_some_and(|file| !file.contains('/'))
        };
        for (number, line) in prose(&text).filter(|_| about_all && !path.ends_with("CHANGELOG.md")) {
            for word in line
                .split([' ', '`', '(', ')', ',', ';', '=', '"'])
                .filter_map(named_path)
                .filter(|word| !of_a_crate(word))
            {
                seen += 1;
                if !root().join(word).exists() {
                    complaints.push(format!("{}:{number}: {word}", path.display()));
                }
            }
        }
    }
    assert!(seen > 30, "only {seen} names are seen: does this test read the documents?");
    assert_none("a file that a document names is there", &complaints);
}

#[test]
fn every_page_of_the_book_is_in_its_summary() {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md")).expect("the book has a summary");
    let listed: Vec<&str> = summary.lines().flat_map(links).collect();
    let pages = texts(&["md"]).into_iter().filter_map(|(path, _)| {
        let name = path.strip_prefix("docs").ok()?.to_string_lossy().into_owned();
        (name != "SUMMARY.md" && !listed.contains(&name.as_str())).then_some(name)
    });
    assert_none("a page of docs/ is in docs/SUMMARY.md", &pages.collect::<Vec<_>>());
}
