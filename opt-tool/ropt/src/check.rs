//! `ropt plugins check`: does a plugin do what the host and its users count on?
//!
//! Cases are made from the named plugins' manifests. Each runs `ropt` and `ropt-run` as children, so that a plugin that
//! crashes or never ends costs its case and nothing else; this process loads no plugin. What is asked, and the reference
//! that results are compared with, is ropt-conformance's.

mod arguments;
mod case;
mod driver;
mod manifest;
mod pairs;
mod passes;
mod process;
mod registered;
mod target;

pub(crate) use arguments::Arguments;
pub(crate) use registered::registered;
pub(crate) use target::rounds;

use case::{Case, Folder, Tools};
use glob::Pattern;
use ropt_conformance::report::{Outcome, Report, Verdict};
use ropt_host::{Host, HostError, discover::PluginFile, output};
use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

/// Runs the suite; the exit code is 0 when every case passed, 1 when one failed, 3 when a plugin cannot be used at all.
pub(crate) fn command(arguments: &Arguments) -> Result<i32, HostError> {
    let tools = Tools::find(arguments)?;
    // Whatever is wrong with the files, it is the plugins' fault.
    let (host, named) = match Host::new(&arguments.wanted()).and_then(|host| Ok((host, named(host, arguments)?))) {
        Ok(found) => found,
        Err(error) => {
            eprintln!("{}", error.render());
            return Ok(3);
        }
    };
    let scratch = tempfile::Builder::new().prefix("ropt-check-").tempdir();
    let scratch = scratch.map_err(|reason| HostError::Write { path: std::env::temp_dir(), reason })?;
    if let Some(code) = not_loadable(&named, &tools, scratch.path()) {
        return Ok(code);
    }
    let pairs = pairs::Pairs::find(host, &named, &tools, arguments, scratch.path())?;
    let mut cases = manifest::cases(&named, &tools);
    cases.extend(passes::cases(&named, &tools, &arguments.inputs)?);
    cases.extend(target::cases(&pairs, &tools));
    let keep = arguments
        .keep
        .as_ref()
        .map(|path| std::path::absolute(path).map_err(|reason| HostError::Write { path: path.clone(), reason }));
    let keep = keep.transpose()?;
    let place = keep.clone().unwrap_or_else(|| scratch.path().join("cases"));
    cases.extend(driver::cases(&pairs, &tools, &place));
    let cases = chosen(cases, &arguments.filter)?;
    if arguments.list {
        let names: String = cases.iter().map(|case| format!("{}\n", case.name)).collect();
        output::print(&names)?;
        return Ok(0);
    }
    let outcomes = run(&cases, &place, keep.is_some(), arguments)?;
    let report = Report {
        plugins: arguments.plugins.iter().map(|path| path.display().to_string()).collect(),
        notes: pairs.notes,
        outcomes,
        reproduce: arguments.reproduce(),
    };
    let text = match arguments.format {
        arguments::Format::Text => report.text(),
        arguments::Format::Json => report.json(),
        arguments::Format::Junit => report.junit(),
    };
    match &arguments.output {
        Some(path) => {
            output::write(path, text.as_bytes())?;
            eprintln!("{}", report.text().lines().last().unwrap_or_default());
        }
        None => output::print(&text)?,
    }
    Ok(i32::from(report.counts()[1] > 0))
}

/// The plugins that the command line names.
fn named<'h>(host: &'h Host, arguments: &Arguments) -> Result<Vec<&'h PluginFile>, HostError> {
    let find = |path: &PathBuf| {
        let whole = path.canonicalize().map_err(|reason| HostError::Read { path: path.clone(), reason })?;
        let same = |file: &&PluginFile| file.path.canonicalize().is_ok_and(|other| other == whole);
        let found = host.plugins.iter().map(|plugin| &plugin.file).find(same);
        found.ok_or_else(|| HostError::Read { path: path.clone(), reason: std::io::ErrorKind::NotFound.into() })
    };
    arguments.plugins.iter().map(find).collect()
}

/// Says why a named plugin cannot be loaded, if so: nothing else about it can be checked.
fn not_loadable(named: &[&PluginFile], tools: &Tools, scratch: &Path) -> Option<i32> {
    let mut code = None;
    for file in named {
        let folder = Folder::new(scratch.join("load"), tools.limit);
        let ended = folder.run(&tools.ropt, &tools.registered(file));
        if !ended.succeeded() {
            let said =
                if ended.stderr.contains("error:") { ended.stderr.trim_end().to_owned() } else { ended.describe() };
            eprintln!("{said}\n  = note: plugin {} was not checked, since it cannot be loaded", file.path.display());
            code = Some(3);
        }
    }
    code
}

fn chosen(cases: Vec<Case>, filters: &[String]) -> Result<Vec<Case>, HostError> {
    let pattern = |text: &String| {
        Pattern::new(text).map_err(|error| {
            let report = ropt_host::report::Report::error(format!("--filter={text} is no pattern: {error}"));
            HostError::Usage(Box::new(report.help(Some("`*` stands for any text, `?` for one character".to_owned()))))
        })
    };
    let patterns: Vec<Pattern> = filters.iter().map(pattern).collect::<Result<_, _>>()?;
    let wanted = |case: &Case| patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(&case.name));
    let total = cases.len();
    let cases: Vec<Case> = cases.into_iter().filter(wanted).collect();
    if cases.is_empty() && total > 0 {
        let report = ropt_host::report::Report::error(format!("--filter={} names no case", filters.join(" --filter=")))
            .note(format!("there are {total}"))
            .help(Some("--list prints their names; `*` stands for any text".to_owned()));
        return Err(HostError::Usage(Box::new(report)));
    }
    Ok(cases)
}

/// Runs the cases on as many threads as were asked for; the order of the outcomes is that of the cases.
fn run(cases: &[Case], place: &Path, keep: bool, arguments: &Arguments) -> Result<Vec<Outcome>, HostError> {
    let jobs = arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let failed = |reason| HostError::Write { path: place.to_path_buf(), reason };
    std::fs::create_dir_all(place).map_err(failed)?;
    let worker = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(at) else { return };
            let folder = Folder::new(place.join(&case.name), arguments.limit());
            let start = Instant::now();
            let verdict = (case.run)(&folder);
            let seconds = start.elapsed().as_secs_f64();
            if !keep {
                folder.remove();
            }
            let outcome = Outcome { name: case.name.clone(), verdict, seconds };
            done.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((at, outcome));
        }
    };
    std::thread::scope(|scope| {
        (0..jobs.max(1)).for_each(|_| drop(scope.spawn(worker)));
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
}

/// A verdict from what was expected and what came.
fn failed(expected: impl Into<String>, found: impl Into<String>) -> Verdict {
    Verdict::Failed { expected: expected.into(), found: found.into() }
}
