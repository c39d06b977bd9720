//! Substitutions by name (lines with a `=`), and the files of a folder (other lines) for executables (lines that begin
//! with `+`: the executable, then its variants, with `/` and its only export behind one that has no other).

use ropt_cache::parse_size;
use ropt_executable::names::{Entry, Known, KnownVariant, Spelling, Stage, match_directory};

/// A folder of more files shows nothing new, slowly.
const MOST_FILES: usize = 64;

pub(crate) fn run(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    let (mut known, mut files) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let _ = parse_size(line);
        if let Ok(spelling) = line.parse::<Spelling>() {
            assert_eq!(spelling.to_string().parse(), Ok(spelling));
        } else if let Some(executable) = line.strip_prefix('+') {
            let mut names = executable.split_whitespace().map(str::to_owned);
            let name = names.next().unwrap_or_default();
            known.push(Known { name, variants: names.map(variant).collect() });
        } else if files.len() < MOST_FILES {
            files.push(Entry { name: line.to_owned(), modified: None });
        }
    }
    for stage in [Stage::Any, Stage::Sources, Stage::Configurations, Stage::Objects] {
        let matches = match_directory("module", &known, &files, stage);
        for found in matches.found {
            let executable = &known[found.executable];
            assert!(found.variant.is_none_or(|variant| variant < executable.variants.len()));
            assert!(files.iter().any(|file| file.name == found.file));
        }
    }
}

fn variant(text: String) -> KnownVariant {
    match text.split_once('/') {
        Some((name, export)) => {
            KnownVariant { name: name.to_owned(), only_export: Some(export.to_owned()), ..KnownVariant::default() }
        }
        None => KnownVariant { name: text, ..KnownVariant::default() },
    }
}
