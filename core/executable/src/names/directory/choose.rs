//! Which of an executable's files count.

use super::{Ambiguity, Candidate, Found, Known, Matches, SLACK, Stage};

/// Adds what is to be done with the files of one executable to `matches`.
pub(super) fn choose(
    known: &[Known],
    executable: usize,
    group: Vec<Candidate<'_>>,
    stage: Stage,
    matches: &mut Matches,
) {
    let (ir, objects): (Vec<_>, Vec<_>) = group.into_iter().partition(|one| one.reading.file.is_ir());
    let (benchmarks, ir): (Vec<_>, Vec<_>) = ir.into_iter().partition(|one| one.reading.benchmark);
    let (configured, plain): (Vec<_>, Vec<_>) = ir.into_iter().partition(|one| one.reading.file.configured);
    let left = |files: &[Candidate<'_>], matches: &mut Matches| {
        matches.other_phase.extend(files.iter().map(|one| one.entry.name.clone()));
    };
    let chosen = match stage {
        Stage::Objects => {
            left(&plain, matches);
            left(&configured, matches);
            left(&benchmarks, matches);
            objects
        }
        Stage::Any => [plain, configured, benchmarks, objects].concat(),
        Stage::Sources | Stage::Configurations => {
            let (first, second) = if stage == Stage::Sources { (plain, configured) } else { (configured, plain) };
            let mut ir = Vec::new();
            for files in [first, second, benchmarks] {
                if ir.is_empty() {
                    ir = files;
                } else {
                    left(&files, matches);
                }
            }
            if ir.is_empty() {
                objects
            } else {
                // What a dump wrote beside the source is left for its own phase; a kernel written by hand is a
                // second answer to the same question.
                let (dumped, by_hand): (Vec<_>, Vec<_>) =
                    objects.into_iter().partition(|one| one.reading.as_dumped && one.is_intermediate(known));
                left(&dumped, matches);
                [ir, by_hand].concat()
            }
        }
    };
    let kernels = fold_stages(known, executable, chosen, matches);
    if let Some((first, second)) = clash(known, &kernels) {
        matches.ambiguities.push(Ambiguity::TwoFiles { executable: known[executable].name.clone(), first, second });
        return;
    }
    matches.found.extend(kernels.into_iter().map(|(one, passed_over)| Found {
        executable,
        variant: one.reading.variant,
        file: one.entry.name.clone(),
        passed_over,
    }));
}

/// Of the stages of one kernel, which differ only in the suffix, keeps the last.
fn fold_stages<'a>(
    known: &[Known],
    executable: usize,
    files: Vec<Candidate<'a>>,
    matches: &mut Matches,
) -> Vec<(Candidate<'a>, Vec<String>)> {
    let mut kernels: Vec<(Candidate<'a>, Vec<Candidate<'a>>)> = Vec::new();
    for one in files {
        let name = one.reading.file;
        let family = kernels.iter_mut().find(|(other, _)| {
            let both = one.is_intermediate(known) && other.is_intermediate(known);
            both && other.reading.file.stem == name.stem
        });
        match family {
            Some((last, earlier)) if last.stage(known) < one.stage(known) => {
                earlier.push(std::mem::replace(last, one));
            }
            Some((_, earlier)) => earlier.push(one),
            None => kernels.push((one, Vec::new())),
        }
    }
    for (last, earlier) in &kernels {
        let newer = earlier.iter().find(|one| match (one.entry.modified, last.entry.modified) {
            (Some(one), Some(last)) => one.duration_since(last).is_ok_and(|later| later > SLACK),
            _ => false,
        });
        if let Some(newer) = newer {
            matches.ambiguities.push(Ambiguity::Outdated {
                executable: known[executable].name.clone(),
                chosen: last.entry.name.clone(),
                newer: newer.entry.name.clone(),
            });
        }
    }
    let names = |earlier: Vec<Candidate<'_>>| earlier.iter().map(|one| one.entry.name.clone()).collect();
    kernels.into_iter().map(|(last, earlier)| (last, names(earlier))).collect()
}

/// Two of the files that would replace the same thing.
fn clash(known: &[Known], kernels: &[(Candidate<'_>, Vec<String>)]) -> Option<(String, String)> {
    for (i, (one, _)) in kernels.iter().enumerate() {
        for (other, _) in &kernels[..i] {
            let (ours, theirs) = (one.reading, other.reading);
            let clashes = match (ours.file.is_ir(), theirs.file.is_ir()) {
                // Files for different variants do not meet, a file for the whole executable meets every other.
                (true, true) => ours.variant == theirs.variant || ours.variant.is_none() || theirs.variant.is_none(),
                (true, false) => ours.variant.is_none() || ours.variant == theirs.variant,
                (false, true) => theirs.variant.is_none() || ours.variant == theirs.variant,
                (false, false) => one.slot(known) == other.slot(known),
            };
            if clashes {
                return Some((other.entry.name.clone(), one.entry.name.clone()));
            }
        }
    }
    None
}
