//! Which files of a folder stand for which executables.
//!
//! A file belongs to executable `x` of module `m` when its stem is `x` or `m_x`, either with `_<variant>` or
//! `_<variant>_benchmark` behind it (SPIR-V also with `_<export>`) and with `configured_` before it: every name that a dump gives. Files of one folder
//! are looked at together, since the other files can settle whose a file is, and because dumps of several phases lie
//! side by side: then the phase that is looked for counts, sources and configurations before benchmarks, and of a
//! kernel's stages the last.

use super::file::{BENCHMARK, FileName, KnownVariant, Suffixes, file_stem, is_by_export};
use crate::kind::FileKind;
use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};
use thiserror::Error;

mod choose;
mod dumped;

/// An executable that files are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its symbol.
    pub name: String,
    /// Its variants.
    pub variants: Vec<KnownVariant>,
}

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without the folder.
    pub name: String,
    /// When it was written last.
    pub modified: Option<SystemTime>,
}

/// What the folder is looked through for. Where files of several phases lie side by side, it says which count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// No preference: more than one file for an executable is an ambiguity.
    #[default]
    Any,
    /// Sources before configurations before benchmarks before objects.
    Sources,
    /// Configurations before sources before benchmarks before objects.
    Configurations,
    /// Objects only.
    Objects,
}

/// A file that stands for an executable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Place in the list of known executables.
    pub executable: usize,
    /// Place in that executable's variants, where the file's name says which.
    pub variant: Option<usize>,
    /// The file's name.
    pub file: String,
    /// Earlier stages of the same kernel that lie beside it.
    pub passed_over: Vec<String>,
}

/// Why the folder does not say what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Ambiguity {
    /// Two files for one executable.
    #[error("`{first}` and `{second}` both stand for executable @{executable}")]
    TwoFiles {
        /// The executable.
        executable: String,
        /// One file.
        first: String,
        /// The other.
        second: String,
    },
    /// A file whose name fits several executables or variants.
    #[error("`{file}` can stand for {}", at(executables))]
    TwoExecutables {
        /// The file.
        file: String,
        /// The executables, or `executable@variant`.
        executables: Vec<String>,
    },
    /// An earlier stage of a kernel was changed after the later one was made.
    #[error("`{newer}` was changed after `{chosen}` was made from it, and both stand for executable @{executable}")]
    Outdated {
        /// The executable.
        executable: String,
        /// The later stage.
        chosen: String,
        /// The earlier stage with the newer date.
        newer: String,
    },
}

fn at(names: &[String]) -> String {
    names.iter().map(|name| format!("@{name}")).collect::<Vec<_>>().join(" and ")
}

/// What a folder holds. Every list is sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matches {
    /// The files to take.
    pub found: Vec<Found>,
    /// Files of a phase that is not looked for, because another file stands for their executable.
    pub other_phase: Vec<String>,
    /// Files with an extension that executables do not have.
    pub unknown: Vec<String>,
    /// Files that could be an executable's, but match none.
    pub unmatched: Vec<String>,
    /// What has to be settled before anything is taken.
    pub ambiguities: Vec<Ambiguity>,
}

/// One way to read a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading<'a> {
    executable: usize,
    variant: Option<usize>,
    file: FileName<'a>,
    /// Named exactly as a dump of a variant's contents would.
    as_dumped: bool,
    /// Named as a variant's benchmark.
    benchmark: bool,
}

impl Reading<'_> {
    /// The executable, with the variant where the other readings are of the same one.
    fn spelled(&self, known: &[Known], all: &[Reading<'_>]) -> String {
        let Known { name, variants } = &known[self.executable];
        match self.variant {
            Some(variant) if all.iter().filter(|one| one.executable == self.executable).count() > 1 => {
                format!("{name}@{}", variants[variant].name)
            }
            _ => name.clone(),
        }
    }
}

/// A file with its one reading.
#[derive(Debug, Clone, Copy)]
struct Candidate<'a> {
    entry: &'a Entry,
    reading: Reading<'a>,
}

impl<'a> Candidate<'a> {
    /// What can be replaced only once: the executable or a variant. Objects whose variant is open are told apart by
    /// the target that their extension is for.
    fn slot(&self, known: &[Known]) -> (Option<usize>, &'a str) {
        let Reading { executable, variant, file, .. } = self.reading;
        if file.is_ir() {
            return (None, "");
        }
        match variant {
            Some(_) => (variant, ""),
            None if known[executable].variants.len() == 1 => (Some(0), ""),
            None => (None, FileKind::by_extension(file.suffix).map_or(file.suffix, |kind| kind.suited())),
        }
    }

    /// The place of its suffix among those of the variant's target, where the file's name says which variant.
    fn own(&self, known: &[Known]) -> Option<usize> {
        known[self.reading.executable].variants[self.reading.variant?].own(self.reading.file.suffix)
    }

    /// Whether a dump wrote it on the way to a binary, or as one.
    fn is_intermediate(&self, known: &[Known]) -> bool {
        self.reading.file.is_intermediate() || self.own(known).is_some()
    }

    /// How far on the way to a binary it is: a target's own objects are last.
    fn stage(&self, known: &[Known]) -> (Option<usize>, usize) {
        (self.own(known), self.reading.file.stage())
    }
}

/// What a stem can stand for.
#[derive(Debug, Clone, Copy)]
struct Spelled {
    executable: usize,
    variant: Option<usize>,
    as_dumped: bool,
    benchmark: bool,
    /// Named by the export, which only some files are.
    by_export: bool,
}

impl Spelled {
    /// Whether a file spelled so can have that suffix.
    fn takes(&self, file: &FileName<'_>) -> bool {
        match (self.benchmark, self.by_export) {
            (true, _) => file.is_ir() && !file.configured,
            (_, true) => is_by_export(file.suffix),
            _ => true,
        }
    }
}

/// By stem.
type Spellings = BTreeMap<String, Vec<Spelled>>;

/// How far apart the dates of files that were copied together may be.
const SLACK: Duration = Duration::from_secs(2);

/// What ends the names of intermediates that are IR of a kernel alone, which stands for no executable.
const LOWERED: [&str; 2] = [".spirv.mlir", ".nvvm.mlir"];

/// Whether a dump wrote the file beside a variant's contents, to be looked at only.
fn is_lowered(name: &str, spellings: &Spellings) -> bool {
    let stem = LOWERED.iter().find_map(|suffix| name.strip_suffix(suffix));
    stem.and_then(|stem| spellings.get(stem)).is_some_and(|all| all.iter().any(|one| one.variant.is_some()))
}

/// Looks at all files of a folder; `module` is the name that dumps of this module put first.
#[must_use]
pub fn match_directory(module: &str, known: &[Known], files: &[Entry], stage: Stage) -> Matches {
    let spellings = spellings(module, known);
    let mut files: Vec<&Entry> = files.iter().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut matches = Matches::default();
    let mut readings: Vec<(&Entry, Vec<Reading<'_>>)> = Vec::new();
    let suffixes = Suffixes::of(known.iter().flat_map(|one| &one.variants));
    let dumped = dumped::dumped(module, known, &files, stage, &suffixes);
    for entry in files {
        let Some(name) = suffixes.parse(&entry.name) else {
            matches.unknown.push(entry.name.clone());
            continue;
        };
        let all = match dumped.get(entry.name.as_str()) {
            Some(reading) => vec![*reading],
            None => read(&entry.name, name, &spellings),
        };
        if all.is_empty() && is_lowered(&entry.name, &spellings) {
            matches.unknown.push(entry.name.clone());
        } else if all.is_empty() {
            matches.unmatched.push(entry.name.clone());
        } else {
            readings.push((entry, all));
        }
    }
    let mut groups: BTreeMap<usize, Vec<Candidate<'_>>> = BTreeMap::new();
    for (entry, all) in settle(readings) {
        if all.len() > 1 {
            let executables = all.iter().map(|reading| reading.spelled(known, &all)).collect();
            matches.ambiguities.push(Ambiguity::TwoExecutables { file: entry.name.clone(), executables });
        } else if let Some(&reading) = all.first() {
            groups.entry(reading.executable).or_default().push(Candidate { entry, reading });
        }
    }
    for (executable, group) in groups {
        choose::choose(known, executable, group, stage, &mut matches);
    }
    matches.found.sort();
    matches.other_phase.sort();
    matches
}

/// Every stem that stands for an executable or one of its variants.
fn spellings(module: &str, known: &[Known]) -> Spellings {
    let mut all = Spellings::new();
    let module = file_stem(module);
    for (executable, one) in known.iter().enumerate() {
        let bare = file_stem(&one.name);
        let whole = Spelled { executable, variant: None, as_dumped: false, benchmark: false, by_export: false };
        for (base, with_module) in [(bare.clone(), false), (format!("{module}_{bare}"), true)] {
            for (variant, name) in one.variants.iter().enumerate() {
                let stem = format!("{base}_{}", file_stem(&name.name));
                let spelled = Spelled { variant: Some(variant), as_dumped: with_module, ..whole };
                let benchmark = Spelled { as_dumped: false, benchmark: true, ..spelled };
                if let Some(export) = &name.only_export {
                    let stem = format!("{base}_{}", file_stem(export));
                    all.entry(stem).or_default().push(Spelled { by_export: true, ..spelled });
                }
                all.entry(format!("{stem}{BENCHMARK}")).or_default().push(benchmark);
                all.entry(stem).or_default().push(spelled);
            }
            all.entry(base).or_default().push(whole);
        }
    }
    all
}

/// The readings of a file's name: `configured_x` can also be the name of an executable. What else a name can mean goes
/// before its being a benchmark's.
fn read<'a>(name: &'a str, file: FileName<'a>, spellings: &Spellings) -> Vec<Reading<'a>> {
    let mut readings = Vec::new();
    for file in [Some(file), file.unprefixed(name)].into_iter().flatten() {
        for &spelled in spellings.get(file.stem).into_iter().flatten().filter(|spelled| spelled.takes(&file)) {
            let Spelled { executable, variant, as_dumped, benchmark, .. } = spelled;
            readings.push(Reading { executable, variant, file, as_dumped, benchmark });
        }
    }
    if readings.iter().any(|reading| !reading.benchmark) {
        readings.retain(|reading| !reading.benchmark);
    }
    readings.sort_by_key(|reading| (reading.executable, reading.variant.is_some(), reading.file.configured));
    // The whole executable goes before one of its variants.
    readings.dedup_by(|later, first| {
        later.executable == first.executable && (first.variant.is_none() || first.variant == later.variant)
    });
    readings
}

/// Takes from files with several readings those whose executable a file with only one reading claims, until nothing
/// changes.
fn settle<'a>(mut files: Vec<(&'a Entry, Vec<Reading<'a>>)>) -> Vec<(&'a Entry, Vec<Reading<'a>>)> {
    // The variant of an object whose executable has only one is clear.
    let key = |one: &Reading<'a>| {
        let variant = one.variant.filter(|_| !one.file.is_ir() || one.benchmark);
        (one.executable, variant, one.file.suffix, one.file.configured, one.benchmark)
    };
    loop {
        let claimed: Vec<Reading<'a>> = files.iter().filter(|(_, all)| all.len() == 1).map(|(_, all)| all[0]).collect();
        let mut changed = false;
        for (_, all) in files.iter_mut().filter(|(_, all)| all.len() > 1) {
            let open: Vec<_> = all.iter().filter(|one| !claimed.iter().any(|c| key(c) == key(one))).copied().collect();
            if !open.is_empty() && open.len() < all.len() {
                *all = open;
                changed = true;
            }
        }
        if !changed {
            return files;
        }
    }
}

#[cfg(test)]
mod tests;
