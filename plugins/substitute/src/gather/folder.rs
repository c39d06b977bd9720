//! The files of a folder as requests.

use super::{Executables, Request, contents::held, matches_of, module_name};
use crate::substitute_executables::Stage;
use ropt_executable::names::{Ambiguity, Entry, FileName, Found, Matches, executable_file};
use ropt_plugin::prelude::*;
use std::{fs, path::Path};

/// Looks through a folder, not recursively. What is left alone is said.
pub(super) fn scan(
    executables: &Executables<'_>,
    stage: Stage,
    folder: &Path,
    origin: &str,
    cx: &PassContext<'_>,
) -> PassResult<Vec<Request>> {
    let location = executables.module.location();
    let shown = folder.display();
    let listed = fs::read_dir(folder).map_err(|error| {
        let error = match (folder.exists(), folder.is_dir()) {
            (false, _) if folder.is_symlink() => PassError::new(format!("`{shown}` cannot be followed: {error}"))
                .help("the link leads nowhere or in a circle: name the folder itself"),
            (false, _) => PassError::new(format!("folder `{shown}` is not there"))
                .help("`--hal-dump-executable-files-to=DIR` makes one; a relative path starts in the current folder"),
            (true, false) => PassError::new(format!("`{shown}` is a file, a folder is wanted"))
                .help("for one file use name=file with the flag for single executables"),
            (true, true) => {
                PassError::new(format!("folder `{shown}` cannot be read: {error}")).help("make it readable for you")
            }
        };
        error.at(location).note(format!("asked for by {origin}"))
    })?;
    let (mut entries, mut folders, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for entry in listed {
        let entry =
            entry.map_err(|error| PassError::new(format!("folder `{shown}` cannot be read: {error}")).at(location))?;
        let Ok(name) = entry.file_name().into_string() else {
            cx.warning(location, format!("`{}` is left alone: its name is not UTF-8", entry.path().display()));
            continue;
        };
        // Hidden files are editors' and the like; a link counts as what it leads to.
        if name.starts_with('.') {
            continue;
        }
        // What is no file is an error only when its name asks for it.
        match fs::metadata(entry.path()) {
            Ok(about) if about.is_dir() => folders.push(name.clone()),
            Ok(about) if about.is_file() => {}
            _ => others.push(name.clone()),
        }
        let modified = fs::metadata(entry.path()).and_then(|about| about.modified()).ok();
        entries.push(Entry { name, modified });
    }
    let mut matches = matches_of(executables, &entries, stage);
    let is_file = |name: &&String| !folders.contains(*name) && !others.contains(*name);
    let left: Vec<String> =
        matches.unmatched.iter().chain(&matches.unknown).filter(|name| !is_file(name)).cloned().collect();
    matches.unmatched.retain(|name| is_file(&name));
    matches.unknown.retain(|name| is_file(&name));
    look_inside(executables, stage, folder, &mut matches, cx);
    if let Some(ambiguity) = matches.ambiguities.first() {
        return Err(refuse(ambiguity, origin, location));
    }
    for file in &matches.unmatched {
        cx.warning_with(
            location,
            format!("`{}` matches no executable", folder.join(file).display()),
            &[format!("asked for by {origin}"), format!("help: {}", near(executables, file))],
        );
    }
    let say = |what: &str, names: &mut dyn Iterator<Item = &String>| {
        let names = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if !names.is_empty() {
            cx.remark(location, format!("in folder `{shown}`, {what} are left alone: {names}"));
        }
    };
    say("folders", &mut left.iter().filter(|name| folders.contains(name)));
    say("links that lead nowhere, devices and pipes", &mut left.iter().filter(|name| others.contains(name)));
    say("files with other extensions", &mut matches.unknown.iter());
    if matches.found.is_empty() && matches.unmatched.is_empty() && matches.other_phase.is_empty() {
        let module = module_name(executables.module);
        let wanted = executables.list.first().map(|(known, _)| executable_file(&module, &known.name));
        let help = wanted.map(|file| format!("help: a file is named as dumps name it, for instance `{file}`"));
        let notes = std::iter::once(format!("asked for by {origin}")).chain(help).collect::<Vec<_>>();
        cx.warning_with(location, format!("folder `{shown}` replaces nothing"), &notes);
    }
    let requests = matches.found.into_iter().map(|found| {
        let known = &executables.list[found.executable].0;
        if !found.passed_over.is_empty() {
            let names = found.passed_over.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            cx.remark(location, format!("`{}` is taken, made from {names}", folder.join(&found.file).display()));
        }
        Request {
            executable: known.name.clone(),
            variant: found.variant.map(|variant| known.variants[variant].name.clone()),
            path: folder.join(&found.file),
            origin: origin.to_owned(),
            kind: None,
            variants: known.variants.clone(),
        }
    });
    Ok(requests.collect())
}

/// Where names do not say whose a file is, its content may: a file that fits two executables holds one of them, and a
/// file that fits none is a linked one, which stands for everything in it that no other file stands for.
fn look_inside(
    executables: &Executables<'_>,
    stage: Stage,
    folder: &Path,
    matches: &mut Matches,
    cx: &PassContext<'_>,
) {
    let name = |place: usize| &executables.list[place].0.name;
    let found =
        |executable, file: &String| Found { executable, variant: None, file: file.clone(), passed_over: Vec::new() };
    let mut settled = Vec::new();
    matches.ambiguities.retain(|ambiguity| {
        let Ambiguity::TwoExecutables { file, executables: fitting } = ambiguity else { return true };
        let held = held(executables, &folder.join(file));
        let mut held = held.into_iter().filter(|place| fitting.contains(name(*place)));
        let (Some(one), None) = (held.next(), held.next()) else { return true };
        settled.push(found(one, file));
        false
    });
    matches.found.extend(settled);
    let mut linked: Vec<Found> = Vec::new();
    matches.unmatched.retain(|file| {
        if stage == Stage::Objects && FileName::parse(file).is_some_and(|name| name.is_ir()) {
            return true;
        }
        let held = held(executables, &folder.join(file));
        if held.len() < 2 {
            return true;
        }
        let all = held.iter().map(|place| format!("@{}", name(*place))).collect::<Vec<_>>().join(", ");
        let open = |place: &usize| !matches.found.iter().any(|found| found.executable == *place);
        let open: Vec<usize> = held.into_iter().filter(open).collect();
        let second = open.iter().find_map(|place| linked.iter().find(|first: &&Found| first.executable == *place));
        if let Some(first) = second {
            let (executable, first, second) = (name(first.executable).clone(), first.file.clone(), file.clone());
            matches.ambiguities.push(Ambiguity::TwoFiles { executable, first, second });
            return false;
        }
        let shown = folder.join(file);
        let said = match open.is_empty() {
            true => format!("`{}` is passed over: other files stand for what it holds, {all}", shown.display()),
            false => format!("`{}` is taken for what it holds: {all}", shown.display()),
        };
        cx.remark(executables.module.location(), said);
        linked.extend(open.into_iter().map(|place| found(place, file)));
        false
    });
    matches.found.extend(linked);
    matches.found.sort();
}

/// The executable that the file may be meant for.
fn near(executables: &Executables<'_>, file: &str) -> String {
    let stem = file.split('.').next().unwrap_or(file);
    let names = executables.list.iter().map(|(known, _)| known.name.as_str());
    ropt_executable::did_you_mean(stem, "executables", names)
}

fn refuse(ambiguity: &Ambiguity, origin: &str, location: Location<'_>) -> PassError {
    let help = match ambiguity {
        Ambiguity::TwoFiles { executable, .. } => {
            format!("remove one of them, or say which with {executable}=FILE or {executable}@VARIANT=FILE")
        }
        Ambiguity::TwoExecutables { file, executables } => {
            let spellings: Vec<String> = executables.iter().map(|name| format!("{name}={file}")).collect();
            format!("say which: {}", spellings.join(" or "))
        }
        Ambiguity::Outdated { executable, newer, .. } => {
            format!("remove the older file, or say which with {executable}={newer}")
        }
    };
    PassError::new(ambiguity.to_string()).at(location).note(format!("asked for by {origin}")).help(help)
}
