//! `plugins doctor`: every place that is looked at, every file there, and why one is not used.

use crate::{
    discover::{PluginFile, Wanted, files, read},
    error::HostError,
    host::names,
    load::{check, load},
};
use ropt_abi::{
    manifest::ManifestError,
    search::{Origin, PATH_VARIABLE, Place, raised},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, env, fmt::Write, path::PathBuf};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// A plugin that is used.
    Used,
    /// A plugin that is not. A broken one in a folder is a warning of every command; otherwise it ends every command.
    Refused,
    /// Found before, under this or another path.
    Again,
    /// A library that is no plugin.
    NoPlugin,
    /// A plugin whose name is not looked at in this folder.
    PassedOver,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Refused => "refused",
            Self::Again => "again",
            Self::NoPlugin => "no plugin",
            Self::PassedOver => "passed over",
        }
    }
}

struct Finding {
    path: PathBuf,
    verdict: Verdict,
    detail: String,
}

struct Visit {
    place: Place,
    /// What is wrong with the place itself.
    problem: Option<String>,
    findings: Vec<Finding>,
}

/// The findings, for a person or as JSON, and how many files are refused. `loading` loads each plugin as well, which
/// runs its constructors.
#[must_use]
pub fn doctor(wanted: &Wanted, loading: bool, json: bool) -> (String, usize) {
    let mut used: Vec<PluginFile> = Vec::new();
    let visits: Vec<Visit> =
        wanted.places().into_iter().map(|place| visit(place, wanted, loading, &mut used)).collect();
    let all = || visits.iter().flat_map(|visit| &visit.findings);
    let refused = all().filter(|finding| finding.verdict == Verdict::Refused).count();
    let isolation = crate::isolate::available();
    if json {
        let value = json!({
            "variable": env::var(PATH_VARIABLE).ok(),
            "variable_ignored": raised(),
            "isolation": isolation.iter().cloned().collect::<BTreeMap<_, _>>(),
            "places": visits.iter().map(value_of).collect::<Vec<_>>(),
            "used": used.len(),
            "refused": refused,
        });
        return (format!("{value:#}\n"), refused);
    }
    let mut text = match env::var(PATH_VARIABLE) {
        Ok(_) if raised() => format!("{PATH_VARIABLE} is ignored: the program runs with more rights than its user\n"),
        Ok(value) => format!("{PATH_VARIABLE}={value}\n"),
        Err(_) => format!("{PATH_VARIABLE} is not set\n"),
    };
    for visit in &visits {
        let _ = write!(text, "\n{}  ({})\n", visit.place.path.display(), visit.place.origin.describe());
        if let Some(problem) = &visit.problem {
            let _ = writeln!(text, "  {problem}");
        }
        for finding in &visit.findings {
            let name = finding.path.file_name().unwrap_or_default().to_string_lossy();
            let detail = finding.detail.trim_end().replace('\n', "\n               ");
            let _ = writeln!(text, "  {:<11}  {name}\n               {detail}", finding.verdict.word());
        }
    }
    let isolation: Vec<_> = isolation.iter().map(|(what, has)| format!("{what} {has}")).collect();
    let _ = writeln!(text, "\nfor isolation: {}", isolation.join(", "));
    let _ =
        writeln!(text, "  --isolate=fork is for plugins that err: they can still write files; process holds these too");
    let _ = writeln!(text, "\n{} used, {refused} refused", count(used.len()));
    (text, refused)
}

fn count(plugins: usize) -> String {
    format!("{plugins} plugin{}", if plugins == 1 { "" } else { "s" })
}

fn visit(place: Place, wanted: &Wanted, loading: bool, used: &mut Vec<PluginFile>) -> Visit {
    let listed = match files(&place) {
        Ok(listed) => listed,
        Err(error) => return Visit { place, problem: Some(error.render()), findings: Vec::new() },
    };
    let mut findings: Vec<Finding> =
        listed.into_iter().map(|path| judge(path, &place, wanted, loading, used)).collect();
    findings.extend(passed_over(&place, wanted));
    let problem = match place.path.exists() {
        false if place.origin != Origin::Flag => Some("is not there".to_owned()),
        true if findings.is_empty() => Some("holds no library that may be a plugin".to_owned()),
        _ => None,
    };
    Visit { place, problem, findings }
}

fn judge(path: PathBuf, place: &Place, wanted: &Wanted, loading: bool, used: &mut Vec<PluginFile>) -> Finding {
    let refused = |error: &HostError| Finding { path: path.clone(), verdict: Verdict::Refused, detail: error.render() };
    let plugin = match read(&path, place.origin, wanted.trust) {
        Ok(plugin) => plugin,
        Err(HostError::Manifest { reason: reason @ ManifestError::NotAPlugin, .. }) if place.origin != Origin::Flag => {
            return Finding { path, verdict: Verdict::NoPlugin, detail: reason.to_string() };
        }
        Err(error) => return refused(&error),
    };
    let same = |other: &&PluginFile| other.path.canonicalize().ok() == path.canonicalize().ok();
    if let Some(first) = used.iter().find(same) {
        return Finding { verdict: Verdict::Again, detail: format!("found before as {}", first.path.display()), path };
    }
    used.push(plugin);
    let plugin = &used[used.len() - 1];
    let verdict = names(used)
        .map(drop)
        .and_then(|()| check(plugin))
        .and_then(|()| if loading { load(plugin, false).map(drop) } else { Ok(()) });
    if let Err(error) = verdict {
        let finding = refused(&error);
        used.pop();
        return finding;
    }
    let manifest = &plugin.manifest;
    let header = &manifest.header;
    let parts =
        [("passes", manifest.passes.len()), ("targets", manifest.targets.len()), ("drivers", manifest.drivers.len())];
    let parts: Vec<String> =
        parts.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{what} {count}")).collect();
    let detail =
        format!("{} {}, ABI {}, {}: {}", header.plugin, header.version, header.abi, header.rustc, parts.join(", "));
    Finding { path, verdict: Verdict::Used, detail }
}

/// Plugins in the program's folder that are called what is not looked at there.
fn passed_over(place: &Place, wanted: &Wanted) -> Vec<Finding> {
    if place.origin != Origin::Program {
        return Vec::new();
    }
    let entries = place.path.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let other = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Origin::Variable.takes(&name) && !place.origin.takes(&name)
    };
    let mut files: Vec<PathBuf> = entries.filter(other).collect();
    files.sort();
    files.retain(|path| read(path, place.origin, wanted.trust).is_ok());
    let detail = "a plugin, but in the program's folder only names with `libropt_` or `ropt_` in front are looked at\n\
                  help: rename it, put it into ../lib/ropt or a folder of ROPT_PLUGIN_PATH, or name it by --load-plugin";
    let finding = |path| Finding { path, verdict: Verdict::PassedOver, detail: detail.to_owned() };
    files.into_iter().map(finding).collect()
}

fn value_of(visit: &Visit) -> Value {
    json!({
        "path": visit.place.path.display().to_string(),
        "origin": visit.place.origin.describe(),
        "problem": visit.problem,
        "files": visit.findings.iter().map(|finding| json!({
            "path": finding.path.display().to_string(),
            "verdict": finding.verdict.word(),
            "detail": finding.detail,
        })).collect::<Vec<_>>(),
    })
}
