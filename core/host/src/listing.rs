//! `plugins`, `passes` and `targets`, `list` and `show`: from manifests alone, no plugin code runs.

use crate::{error::HostError, host::Host, near::did_you_mean, report::Report};
use ropt_abi::manifest::{FlagRecord, PassRecord, TargetRecord};
use serde_json::{Value, json};
use std::fmt::Write;

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Plugin files.
    Plugins,
    /// Passes of plugins.
    Passes,
    /// Targets.
    Targets,
}

/// A list for a person, or JSON.
#[must_use]
pub fn list(host: &Host, kind: Kind, json: bool) -> String {
    let rows = rows(host, kind);
    if json {
        return pretty(&Value::Array(rows.into_iter().map(|row| row.json).collect()));
    }
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    rows.iter().fold(String::new(), |mut text, row| {
        let _ = writeln!(text, "{:width$}  {}", row.name, row.summary);
        text
    })
}

/// One of them in full.
///
/// # Errors
/// When there is none of that name.
pub fn show(host: &Host, kind: Kind, name: &str, json: bool) -> Result<String, HostError> {
    let rows = rows(host, kind);
    let canonical = match kind {
        Kind::Passes => host.pass(name).map(|(_, pass)| pass.pass.as_str()),
        Kind::Targets => host.target(name).map(|(_, target)| target.target.as_str()),
        Kind::Plugins => None,
    };
    let wanted = canonical.unwrap_or(name);
    if let Some(row) = rows.iter().find(|row| row.name == wanted) {
        return Ok(if json { pretty(&row.json) } else { row.text.clone() });
    }
    let what = match kind {
        Kind::Plugins => "plugin",
        Kind::Passes => "pass of a plugin",
        Kind::Targets => "target",
    };
    let near = did_you_mean(name, rows.iter().map(|row| row.name.as_str()));
    let mut report = Report::error(format!("no {what} `{name}`"));
    if kind == Kind::Plugins {
        report = report.note("`ropt plugins doctor` shows where plugins are looked for, and why one is not used");
    }
    let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
    let help = near.unwrap_or_else(|| format!("there are {}", names.join(", ")));
    Err(HostError::Usage(Box::new(report.help(Some(help)))))
}

struct Row {
    name: String,
    summary: String,
    text: String,
    json: Value,
}

fn rows(host: &Host, kind: Kind) -> Vec<Row> {
    let mut rows = Vec::new();
    for plugin in &host.plugins {
        let (manifest, path) = (&plugin.file.manifest, plugin.file.path.display().to_string());
        match kind {
            Kind::Plugins => {
                let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
                let parts = [
                    (manifest.passes.len(), "pass"),
                    (manifest.targets.len(), "target"),
                    (manifest.drivers.len(), "driver"),
                ];
                let parts = parts.iter().filter(|(n, _)| *n > 0);
                let parts: Vec<_> = parts.map(|(n, what)| count(*n, what).replace("passs", "passes")).collect();
                let mut text = format!("{}\n  file     {path}\n", manifest.header.plugin);
                let h = &manifest.header;
                let facts =
                    [("version", &h.version), ("abi", &h.abi), ("mlir", &h.mlir), ("sdk", &h.sdk), ("rustc", &h.rustc)];
                for (key, value) in facts {
                    let _ = writeln!(text, "  {key:8} {}", if value.is_empty() { "none" } else { value });
                }
                let names = manifest.passes.iter().map(|p| ("pass", &p.pass));
                let names = names.chain(manifest.targets.iter().map(|t| ("target", &t.target)));
                for (what, name) in names.chain(manifest.drivers.iter().map(|d| ("driver", &d.driver))) {
                    let _ = writeln!(text, "  {what:8} {name}");
                }
                rows.push(Row {
                    name: manifest.header.plugin.clone(),
                    summary: format!("{}  ({path})", parts.join(", ")),
                    text,
                    json: json!({"file": path, "manifest": manifest}),
                });
            }
            Kind::Passes => rows.extend(manifest.passes.iter().map(|pass| Row {
                name: pass.pass.clone(),
                summary: first_line(&pass.help).into(),
                text: pass_text(pass, &path),
                json: with_file(json!(pass), &path),
            })),
            Kind::Targets => rows.extend(manifest.targets.iter().map(|target| Row {
                name: target.target.clone(),
                summary: first_line(&target.help).into(),
                text: target_text(target, &path),
                json: with_file(json!(target), &path),
            })),
        }
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}

fn pass_text(pass: &PassRecord, path: &str) -> String {
    let mut text = format!("{}\n", pass.pass);
    indent(&mut text, &pass.help);
    let _ = writeln!(text, "\n  plugin   {path}");
    let anchor = if pass.anchor.is_empty() { "any op" } else { &pass.anchor };
    let _ = writeln!(text, "  runs on  {anchor}");
    if !pass.aliases.is_empty() {
        let _ = writeln!(text, "  also     {}", pass.aliases.join(", "));
    }
    if pass.idempotent {
        text.push_str("  promises that a second run in a row changes nothing\n");
    }
    for (what, facts) in [("needs", &pass.needs), ("makes", &pass.establishes), ("ends", &pass.ends)] {
        for fact in facts {
            let _ = writeln!(text, "  {what:8} {fact}");
        }
    }
    for example in &pass.examples {
        text.push_str("\n  example\n");
        let lines = |text: &mut String, part: &str| part.lines().for_each(|line| _ = writeln!(text, "    {line}"));
        lines(&mut text, &example.input);
        let _ = writeln!(text, "    // becomes, by {}", example.pipeline);
        lines(&mut text, &example.output);
    }
    if !pass.options.is_empty() {
        text.push_str("\n  options\n");
    }
    if pass.options.iter().any(|option| option.kind == "string-list") {
        text.push_str("    Commas separate the entries of a list; one that holds a comma is quoted: {'a,b',c}\n");
    }
    for option in &pass.options {
        let kind = if option.choices.is_empty() { option.kind.clone() } else { option.choices.join("|") };
        let default = if option.default.is_empty() { String::new() } else { format!(" (default {})", option.default) };
        let _ = writeln!(
            text,
            "    {}=<{kind}>{default}\n        {}",
            option.name,
            option.help.replace('\n', "\n        ")
        );
    }
    if !pass.statistics.is_empty() {
        text.push_str("\n  statistics\n");
    }
    for statistic in &pass.statistics {
        let _ = writeln!(text, "    {}: {}", statistic.name, statistic.help);
    }
    for slot in &pass.slots {
        let _ = writeln!(text, "\n  in `ropt compile`: phase {}, order {}", slot.phase, slot.order);
        if !slot.when.is_empty() {
            let _ = writeln!(text, "    when --{} is given", slot.when.join(" or --"));
        }
        if !slot.options.is_empty() {
            let _ = writeln!(text, "    with {}", slot.options);
        }
    }
    flags_text(&mut text, &pass.flags);
    text
}

fn target_text(target: &TargetRecord, path: &str) -> String {
    let mut text = format!("{}\n", target.target);
    indent(&mut text, &target.help);
    let _ = writeln!(text, "\n  plugin   {path}");
    if !target.aliases.is_empty() {
        let _ = writeln!(text, "  also     {}", target.aliases.join(", "));
    }
    let _ = writeln!(text, "  formats  {}", target.formats.join(", "));
    for (class, types) in &target.supports {
        let _ = writeln!(text, "  supports {class}: {}", types.join(", "));
    }
    for (stage, pipeline) in &target.stages {
        let _ = writeln!(text, "\n  stage {stage}\n    {pipeline}");
    }
    flags_text(&mut text, &target.flags);
    text
}

fn flags_text(text: &mut String, flags: &[FlagRecord]) {
    if !flags.is_empty() {
        text.push_str("\n  flags of `ropt compile`\n");
    }
    for flag in flags {
        let value = if flag.value.is_empty() { String::new() } else { format!("={}", flag.value) };
        let _ = writeln!(text, "    --{}{value}\n        {}", flag.name, flag.help);
    }
}

fn indent(text: &mut String, help: &str) {
    for line in help.lines() {
        let _ = writeln!(text, "  {line}");
    }
}

fn first_line(help: &str) -> &str {
    help.lines().next().unwrap_or_default()
}

fn with_file(mut value: Value, path: &str) -> Value {
    if let Value::Object(map) = &mut value {
        map.insert("file".into(), path.into());
    }
    value
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
