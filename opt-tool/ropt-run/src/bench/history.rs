//! Earlier results: a file with one JSON object a line, as `--format=json` prints them, to which every run adds its own.

use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use crate::failure::Failure;

/// A history that was read.
pub(crate) struct History {
    path: PathBuf,
    entries: Vec<Json>,
    /// Whether the file ends inside of a line.
    open_line: bool,
}

impl History {
    /// Reads the file; one that does not exist is empty.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(cannot("read", path, &error)),
        };
        let mut entries = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            entries.push(entry(line).map_err(|reason| damaged(path, number, &reason))?);
        }
        // Found out before anything is measured.
        open(path)?;
        let open_line = !text.is_empty() && !text.ends_with('\n');
        Ok(Self { path: path.to_owned(), entries, open_line })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What the file held.
    pub(crate) fn entries(&self) -> &[Json] {
        &self.entries
    }

    /// Adds results in one write, so that runs which end at the same time do not mix their lines. What was skipped is
    /// left out. Gives the number of results added.
    pub(crate) fn append(&self, objects: &[Json]) -> Result<usize, Failure> {
        let mut text = if self.open_line { "\n".to_owned() } else { String::new() };
        let measured = objects.iter().filter(|object| object.get("skipped").is_none());
        let lines: Vec<String> = measured.map(|object| format!("{object}\n")).collect();
        text.push_str(&lines.concat());
        open(&self.path)?.write_all(text.as_bytes()).map_err(|error| cannot("write", &self.path, &error))?;
        Ok(lines.len())
    }
}

fn open(path: &Path) -> Result<File, Failure> {
    OpenOptions::new().append(true).create(true).open(path).map_err(|error| cannot("write", path, &error))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot {what} the history '{}': {error}", path.display()))
}

/// A line as a result.
fn entry(line: &str) -> Result<Json, String> {
    let object: Json = serde_json::from_str(line).map_err(|error| format!("it is not JSON: {error}"))?;
    match (object["function"].as_str(), object["median_ns"].as_f64()) {
        (Some(_), Some(_)) => Ok(object),
        (None, _) => Err("it has no text 'function'".to_owned()),
        (_, None) => Err("it has no number 'median_ns'".to_owned()),
    }
}

fn damaged(path: &Path, number: usize, reason: &str) -> Failure {
    Failure::input(format!("line {number} of the history '{}' is not a result: {reason}", path.display()))
        .with("expected", "one JSON object a line, as this flag writes them")
        .with("help", "remove the line, or name another file; nothing was measured")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn results_are_added_behind_what_is_there() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("history.jsonl");
        let result = |time| json!({ "function": "f", "median_ns": time });
        let history = History::read(&path).expect("nothing yet");
        history.append(&[result(1.0), json!({ "function": "g", "skipped": "why" })]).expect("writable");
        // An editor left the last line open.
        let text = std::fs::read_to_string(&path).expect("readable");
        std::fs::write(&path, text.trim_end()).expect("writable");
        History::read(&path).expect("readable").append(&[result(2.0), result(3.0)]).expect("writable");
        let times: Vec<_> =
            History::read(&path).expect("readable").entries.iter().map(|e| e["median_ns"].as_f64()).collect();
        assert_eq!(times, [Some(1.0), Some(2.0), Some(3.0)]);
    }

    #[test]
    fn garbage_is_named_by_its_line() {
        for line in ["{", "[1]", "{\"function\":\"f\"}", "{\"median_ns\":1}", "\u{1}"] {
            assert!(entry(line).is_err(), "{line}");
        }
    }
}
