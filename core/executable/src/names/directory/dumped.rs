//! Folders that hold a whole dump: then each file is what the dump says, whatever else its name could mean.

use super::{Entry, Known, Reading, Stage};
use crate::names::CONFIGURED;
use crate::names::file::{Suffixes, benchmark_file, configured_file, contents_file, executable_file};
use std::collections::{BTreeMap, BTreeSet};

/// What one dump flag writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dump<'k> {
    Sources,
    Configurations,
    Benchmarks,
    Contents(&'k str),
}

/// The readings of the files that belong to a whole dump. When a name is of two dumps, the one that is looked for goes
/// first.
pub(super) fn dumped<'a>(
    module: &str,
    known: &[Known],
    files: &[&'a Entry],
    stage: Stage,
    suffixes: &Suffixes<'_>,
) -> BTreeMap<&'a str, Reading<'a>> {
    let there: BTreeMap<&str, &'a str> = files.iter().map(|entry| (entry.name.as_str(), entry.name.as_str())).collect();
    let ir = match stage {
        Stage::Configurations => [Dump::Configurations, Dump::Sources, Dump::Benchmarks],
        _ => [Dump::Sources, Dump::Configurations, Dump::Benchmarks],
    };
    let mut taken = BTreeMap::new();
    for dump in ir.into_iter().chain(suffixes.objects().map(Dump::Contents)) {
        let names = names(module, known, dump);
        let mut readings = Vec::new();
        for (name, executable, variant) in &names {
            let Some(name) = there.get(name.as_str()).filter(|name| !taken.contains_key(**name)) else { break };
            let suffix = if let Dump::Contents(suffix) = dump { suffix } else { ".mlir" };
            let Some(file) = suffixes.as_written(name, suffix, dump == Dump::Configurations) else { break };
            let (executable, variant, benchmark) = (*executable, *variant, dump == Dump::Benchmarks);
            let as_dumped = matches!(dump, Dump::Contents(_));
            readings.push((*name, Reading { executable, variant, file, as_dumped, benchmark }));
        }
        // Two executables with one file are no whole dump.
        let distinct: BTreeSet<&str> = readings.iter().map(|(name, _)| *name).collect();
        if distinct.len() == names.len() {
            taken.extend(readings);
        }
    }
    taken
}

/// The files of a dump with their executables and variants.
fn names(module: &str, known: &[Known], dump: Dump<'_>) -> Vec<(String, usize, Option<usize>)> {
    let mut names = Vec::new();
    for (executable, Known { name, variants }) in known.iter().enumerate() {
        let each = variants.iter().enumerate();
        match dump {
            Dump::Sources => names.push((executable_file(module, name), executable, None)),
            Dump::Configurations => names.push((configured_file(CONFIGURED, module, name), executable, None)),
            Dump::Benchmarks => {
                names.extend(
                    each.map(|(i, variant)| (benchmark_file(module, name, &variant.name), executable, Some(i))),
                );
            }
            Dump::Contents(suffix) => {
                names.extend(
                    each.map(|(i, variant)| (contents_file(module, name, variant, suffix), executable, Some(i))),
                );
            }
        }
    }
    names
}
