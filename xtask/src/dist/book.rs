//! The book under docs/, carried out: its commands are typed, its listings compared, its changes applied.
//!
//! What a fenced block is, its first line says:
//!
//! - `console`: lines that begin with `$ ` are commands, for one shell a chapter; the lines below one are what it prints,
//!   on stdout and stderr. White space counts as one blank, `…` stands for any text. A command ends with 0, unless what it
//!   prints begins with `error:`.
//! - `LANGUAGE,file=PATH`: lines of that file, in which `…` stands for any text as well.
//! - `diff`: a change of one file. A hunk begins with `@@`; its lines with a blank or `-` stand in the file as they are.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::moved;
use crate::{
    counts::Counts,
    error::{Error, Result},
    process::root,
    venv,
};

/// What stands for any text.
const ANY: &str = "…";

/// A fenced block.
struct Block<'a> {
    /// Its first line, from 1.
    line: usize,
    kind: &'a str,
    lines: Vec<&'a str>,
}

/// Carries out every chapter in a folder of its own, with the tools of the tree at `place`; a block is a test.
pub(super) fn check(place: &Path) -> Result<(bool, Counts)> {
    let folder = root().join("docs");
    let entries = fs::read_dir(&folder).map_err(Error::file("read", &folder))?;
    let mut pages: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    let mut counts = Counts::default();
    for page in pages {
        let text = fs::read_to_string(&page).map_err(Error::file("read", &page))?;
        let name = page.file_stem().unwrap_or_default();
        let mut reader = Reader::new(place, &place.join("book").join(name))?;
        for block in blocks(&text) {
            if let Err(problem) = reader.carry_out(&block) {
                counts.failed += 1;
                println!("FAIL {}:{}\n    {}", page.display(), block.line, problem.trim_end().replace('\n', "\n    "));
                // What follows builds on it.
                break;
            }
            counts.passed += 1;
        }
    }
    println!("{} blocks of the book carried out", counts.passed);
    Ok((counts.failed == 0, counts))
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let lines = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
            blocks.push(Block { line: number + 1, kind, lines });
        }
    }
    blocks
}

/// Somebody who reads a chapter at a shell.
struct Reader {
    /// Where the chapter began.
    folder: PathBuf,
    /// A script that brings the shell to where the last command left it.
    state: PathBuf,
    path: String,
}

impl Reader {
    fn new(place: &Path, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(Error::file("make", folder))?;
        let state = folder.join(".state");
        fs::write(&state, format!("cd '{}'\n", folder.display())).map_err(Error::file("write", &state))?;
        let llvm = std::env::var("ROPT_LLVM_PREFIX").unwrap_or_else(|_| "/usr/lib/llvm-22".to_owned());
        let before = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}/bin:{}:{llvm}/bin:{before}", place.display(), venv::tests()?.display());
        Ok(Self { folder: folder.to_owned(), state, path })
    }

    fn carry_out(&mut self, block: &Block<'_>) -> std::result::Result<(), String> {
        match block.kind.split_once(",file=") {
            Some((_, file)) => self.listing(file, &block.lines),
            None if block.kind == "console" => self.session(&block.lines),
            None if block.kind == "diff" => self.change(&block.lines),
            None => {
                Err(format!("nothing carries out a block of `{}`: console, diff or LANGUAGE,file=PATH", block.kind))
            }
        }
    }

    fn session(&self, lines: &[&str]) -> std::result::Result<(), String> {
        let mut lines = lines.iter().peekable();
        while let Some(line) = lines.next() {
            let command = line.strip_prefix("$ ").ok_or_else(|| format!("not a command: {line}"))?;
            let mut wanted = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                wanted.push(*line);
            }
            self.command(command, &wanted.join("\n"))?;
        }
        Ok(())
    }

    fn command(&self, text: &str, wanted: &str) -> std::result::Result<(), String> {
        self.share_builds();
        let state = self.state.display();
        let script = format!(
            ". '{state}'\n{{ {text}\n}} 2>&1\nstatus=$?\n{{ export -p; printf 'cd %q\\n' \"$PWD\"; }} > '{state}'\nexit $status\n"
        );
        let mut shell = Command::new("bash");
        shell.arg("-c").arg(script).current_dir(&self.folder).env("PATH", &self.path).stdin(Stdio::null());
        // Offline, without what this repository's cargo says, and not to find out how fast it is.
        for (name, value) in [
            ("CARGO_NET_OFFLINE", "true"),
            ("CARGO_TERM_QUIET", "true"),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
            ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
            ("ROPT_CACHE_DIR", ""),
        ] {
            shell.env(name, value);
        }
        for name in
            ["MLIR_SYS_220_PREFIX", "ROPT_MLIR_BUILD_DIR", "ROPT_MLIR_LIB_DIR", "ROPT_PLUGIN_PATH", "CARGO_TARGET_DIR"]
        {
            shell.env_remove(name);
        }
        let done = shell.output().map_err(|error| format!("bash: {error}"))?;
        let printed = String::from_utf8_lossy(&done.stdout).into_owned();
        let may_fail = wanted.starts_with("error:");
        if done.status.success() == may_fail {
            return Err(format!("$ {text}\nended with {}:\n{printed}", done.status));
        }
        if wanted.is_empty() || matches(wanted, &printed) {
            return Ok(());
        }
        Err(format!("$ {text}\nis said to print\n{wanted}\nbut prints\n{printed}"))
    }

    /// Crates of all chapters share what they build.
    fn share_builds(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let link = entry.path().join("target");
            if entry.path().join("Cargo.toml").is_file() && !link.exists() {
                let _ = fs::create_dir_all(moved::outside());
                // Without it the crate builds in a folder of its own, only slower.
                let _ = std::os::unix::fs::symlink(moved::outside(), link);
            }
        }
    }

    /// The folder that the shell is in.
    fn present(&self) -> std::result::Result<PathBuf, String> {
        let mut shell = Command::new("bash");
        let done = shell.arg("-c").arg(format!(". '{}'; pwd", self.state.display())).output();
        let done = done.map_err(|error| format!("bash: {error}"))?;
        Ok(PathBuf::from(String::from_utf8_lossy(&done.stdout).trim()))
    }

    fn listing(&self, file: &str, lines: &[&str]) -> std::result::Result<(), String> {
        let path = self.present()?.join(file);
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if lists(&text, lines) { Ok(()) } else { Err(format!("{file} does not hold these lines; it is\n{text}")) }
    }

    fn change(&self, lines: &[&str]) -> std::result::Result<(), String> {
        let file =
            lines.iter().find_map(|line| line.strip_prefix("+++ b/")).ok_or("the change names no file: +++ b/FILE")?;
        let path = self.present()?.join(file);
        let mut text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        for hunk in lines.split(|line| line.starts_with("@@")).skip(1) {
            let side = |other: char| -> String {
                let lines = hunk.iter().filter(|line| !line.starts_with(other));
                lines.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect()
            };
            let (old, new) = (side('+'), side('-'));
            if !contains_lines(&text, old.trim_end_matches('\n')) {
                return Err(format!("{file} does not hold\n{old}it is\n{text}"));
            }
            text = text.replacen(&old, &new, 1);
        }
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// Whether lines of a text are those of a listing.
fn lists(text: &str, listing: &[&str]) -> bool {
    let is = |(line, said): (&&str, &&str)| line == said || said.contains(ANY) && matches(said, line);
    let text: Vec<&str> = text.lines().collect();
    !listing.is_empty() && text.windows(listing.len()).any(|lines| lines.iter().zip(listing).all(is))
}

/// Whether whole lines of a text are these.
fn contains_lines(text: &str, lines: &str) -> bool {
    format!("\n{text}\n").contains(&format!("\n{lines}\n"))
}

/// Whether a text is what a page says, which may leave parts of it out.
fn matches(said: &str, printed: &str) -> bool {
    let normal = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (said, printed) = (normal(said), normal(printed));
    let parts: Vec<&str> = said.split(ANY).map(str::trim).collect();
    let [first, middle @ .., last] = parts.as_slice() else { return said == printed };
    let Some(mut rest) = printed.strip_prefix(first) else { return false };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::target;

    #[test]
    fn blocks_are_found_with_their_kinds() {
        let text = "a\n```console\n$ ls\nx\n```\nb\n```rust,file=src/lib.rs\nfn f() {}\n```\n";
        let blocks = blocks(text);
        assert_eq!(blocks.len(), 2);
        assert_eq!((blocks[0].line, blocks[0].kind, blocks[0].lines.len()), (2, "console", 2));
        assert_eq!(blocks[1].kind, "rust,file=src/lib.rs");
    }

    #[test]
    fn listings_are_whole_lines() {
        let text = "[a]\n# b\nsdk = { path = \"/x\" }\n";
        assert!(lists(text, &["# b", "sdk = { path = \"…\" }"]) && lists(text, &["[a]"]));
        assert!(!lists(text, &["b"]) && !lists(text, &["# b", "other = …"]) && !lists(text, &[]));
        assert!(contains_lines("a\nb c\nd\n", "b c\nd"));
        assert!(!contains_lines("a\nb c\nd\n", "c\nd"));
        assert!(matches("a … c", "a\n  b c\n") && !matches("a … c", "a b") && !matches("a", "a b"));
    }

    #[test]
    fn a_change_is_applied_and_a_wrong_one_told() {
        let folder = target().join("book-test");
        fs::create_dir_all(&folder).expect("the target folder is writable");
        let state = folder.join(".state");
        fs::write(&state, format!("cd '{}'\n", folder.display())).expect("writable");
        fs::write(folder.join("f"), "one\ntwo\nthree\n").expect("writable");
        let reader = Reader { folder: folder.clone(), state, path: String::new() };
        let lines = ["--- a/f", "+++ b/f", "@@", " one", "-two", "+zwei", "@@", "+four"];
        assert_eq!(reader.change(&lines[..6]), Ok(()));
        assert_eq!(fs::read_to_string(folder.join("f")).expect("there"), "one\nzwei\nthree\n");
        assert!(reader.change(&lines[..6]).is_err(), "it is applied already");
    }
}
