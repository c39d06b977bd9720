//! `ropt compile` is a pipeline made of the slots that passes declare, cut to the phases asked for. The host knows the
//! phases' names and nothing else.

mod stand_in;

use crate::{error::HostError, host::Host, near::did_you_mean, report::Report, target_pipeline};
use ropt_abi::{
    manifest::{FlagRecord, PassRecord, SlotRecord},
    quote,
};
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

/// The phases, in order. `input` is the program as given; passes work towards the others.
pub const PHASES: [&str; 6] =
    ["input", "executable-sources", "executable-configurations", "executable-targets", "executable-binaries", "end"];

/// In [`Flags`]: the folder of the cache, which slots take as `{@cache}`; not there when none is to be used.
pub const CACHE: &str = "@cache";
/// In [`Flags`]: the bytes that the cache may have.
pub const CACHE_SIZE: &str = "@cache-size";

/// The values of the flags given, by name.
pub type Flags = HashMap<String, Vec<String>>;

/// A flag of `ropt compile`, and who brings it.
#[derive(Debug, Clone)]
pub struct CompileFlag {
    /// The declaration.
    pub record: FlagRecord,
    /// The pass or target.
    pub owner: String,
    /// The phases in which it has an effect, sorted. A target's flags go into target attributes, and have none later.
    pub phases: Vec<usize>,
    /// Whether it belongs to a target.
    pub of_target: bool,
    /// The plugin's file.
    pub plugin: PathBuf,
}

impl CompileFlag {
    /// Every other spelling: the declared ones, and `iree-` before names and aliases that start with `hal-`.
    #[must_use]
    pub fn aliases(&self) -> Vec<String> {
        let names = std::iter::once(&self.record.name).chain(&self.record.aliases);
        let iree = names.filter(|name| name.starts_with("hal-")).map(|name| format!("iree-{name}"));
        let mut all: Vec<String> = self.record.aliases.iter().cloned().chain(iree).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// All flags of all manifests, by name.
///
/// # Errors
/// When two passes or targets bring a flag of the same spelling.
pub fn flags(host: &Host) -> Result<BTreeMap<String, CompileFlag>, HostError> {
    let mut all: BTreeMap<String, CompileFlag> = BTreeMap::new();
    let mut taken: HashMap<String, PathBuf> = HashMap::new();
    let assigned = &phases_of(host, TARGET_FLAGS);
    for plugin in &host.plugins {
        let manifest = &plugin.file.manifest;
        let passes = manifest.passes.iter().flat_map(|pass| {
            pass.flags.iter().map(move |record| CompileFlag {
                record: record.clone(),
                owner: pass.pass.clone(),
                phases: phases_of(host, &record.name),
                of_target: false,
                plugin: plugin.file.path.clone(),
            })
        });
        let targets = manifest.targets.iter().flat_map(|target| {
            target.flags.iter().map(move |record| CompileFlag {
                record: record.clone(),
                owner: target.target.clone(),
                phases: assigned.clone(),
                of_target: true,
                plugin: plugin.file.path.clone(),
            })
        });
        for flag in passes.chain(targets) {
            for name in std::iter::once(flag.record.name.clone()).chain(flag.aliases()) {
                if let Some(first) = taken.insert(name.clone(), plugin.file.path.clone()) {
                    let second = plugin.file.path.clone();
                    return Err(HostError::Clash { kind: "flag", name, first, second });
                }
            }
            all.insert(flag.record.name.clone(), flag);
        }
    }
    Ok(all)
}

/// The placeholder of all targets' flags.
const TARGET_FLAGS: &str = "@target-flags";

/// The phases of all slots that mention the flag, whichever pass declares it.
fn phases_of(host: &Host, flag: &str) -> Vec<usize> {
    let mentions = |slot: &&SlotRecord| {
        slot.when.iter().any(|f| f == flag) || placeholders(&slot.options).into_iter().flatten().any(|f| f == flag)
    };
    let slots = host.plugins.iter().flat_map(|plugin| &plugin.file.manifest.passes).flat_map(|pass| &pass.slots);
    let mut phases: Vec<usize> = slots.filter(mentions).filter_map(|slot| phase(&slot.phase)).collect();
    phases.sort_unstable();
    phases.dedup();
    phases
}

/// A phase's place in [`PHASES`].
#[must_use]
pub fn phase(name: &str) -> Option<usize> {
    PHASES.iter().position(|phase| *phase == name)
}

/// The phase of a flag's value.
///
/// # Errors
/// When there is none of that name.
pub fn phase_flag(flag: &str, name: &str) -> Result<usize, HostError> {
    phase(name).ok_or_else(|| {
        let near = did_you_mean(name, PHASES).unwrap_or_else(|| format!("the phases are {}", PHASES.join(", ")));
        HostError::Usage(Box::new(Report::error(format!("--{flag}: no phase `{name}`")).help(Some(near))))
    })
}

/// What is said of flags that have no effect, or only part of it, between the phases `from` and `to`.
///
/// # Errors
/// When a flag's phase is past.
pub fn without_effect(host: &Host, given: &Flags, from: usize, to: usize) -> Result<Vec<Report>, HostError> {
    let mut warnings = Vec::new();
    for (name, flag) in flags(host)?.iter().filter(|(name, _)| given.contains_key(*name)) {
        let (Some(&first), Some(&last)) = (flag.phases.first(), flag.phases.last()) else { continue };
        let start = format!("the input is taken to be at phase {} (--compile-from)", PHASES[from]);
        if from > 0 && last <= from {
            let report = Report::error(format!("--{name} has no effect: its phase, {}, is past", PHASES[last]));
            let help = match flag.of_target {
                true => {
                    "the input's executables have their targets already: leave the flag out, or start from an \
                         earlier phase"
                }
                false => "leave the flag out, or start from an earlier phase",
            };
            return Err(HostError::Usage(Box::new(report.note(start).help(Some(help.into())))));
        }
        if from > 0 && first <= from {
            let message = format!("--{name} has no effect in phase {}, which is past", PHASES[first]);
            warnings.push(Report::warning(message).note(start));
        } else if first > to {
            let message = format!("--{name} has no effect: its phase, {}, is not reached", PHASES[first]);
            warnings.push(
                Report::warning(message).note(format!("the run ends behind phase {} (--compile-to)", PHASES[to])),
            );
        }
    }
    Ok(warnings)
}

/// A slot that takes part: its phase, its order, its pass.
type Place<'a> = (usize, i64, &'a PassRecord, &'a SlotRecord);

/// The pipeline from behind phase `from` up to and with phase `to`, as text.
///
/// # Errors
/// When a slot names no phase, or a value cannot stand in a pipeline.
pub fn assemble(host: &Host, given: &Flags, from: usize, to: usize) -> Result<String, HostError> {
    let declared = flags(host)?;
    let (mut slots, mut standing_in): (Vec<Place<'_>>, Vec<Place<'_>>) = (Vec::new(), Vec::new());
    for plugin in &host.plugins {
        for pass in &plugin.file.manifest.passes {
            for slot in &pass.slots {
                let Some(place) = phase(&slot.phase) else {
                    let message = format!("pass `{}` wants a slot in phase `{}`, which is none", pass.pass, slot.phase);
                    let report = Report::error(message).note(format!("the phases are {}", PHASES.join(", ")));
                    return Err(HostError::Usage(Box::new(report)));
                };
                let active = slot.when.is_empty() || slot.when.iter().any(|flag| given.contains_key(flag));
                let active = active && !slot.unless.iter().any(|flag| given.contains_key(flag));
                // A run from the beginning ends the phase `input` itself.
                let ahead = place > from || (from == 0 && place == 0);
                if active && ahead && place <= to {
                    let list = if slot.replaces.is_empty() { &mut slots } else { &mut standing_in };
                    list.push((place, slot.order, pass, slot));
                }
            }
        }
    }
    let by_place = |a: &Place<'_>, b: &Place<'_>| (a.0, a.1, &a.2.pass).cmp(&(b.0, b.1, &b.2.pass));
    slots.sort_by(by_place);
    standing_in.sort_by(by_place);
    standing_in.into_iter().for_each(|place| stand_in::apply(place, &mut slots));
    for value in given.get(target_pipeline::FLAG).into_iter().flatten() {
        let stage = value.split(['=', ':']).nth(1).unwrap_or_default();
        let placeholder = format!("{{@target-pipeline:{stage}}}");
        if !slots.iter().any(|(.., slot)| slot.options.contains(&placeholder)) {
            let report = Report::error(format!("--{}={value} has no effect", target_pipeline::FLAG))
                .note(format!("no pass from phase {} to {} runs the stage `{stage}`", PHASES[from], PHASES[to]))
                .help(Some("leave the flag out, or compile through the phase of the stage".into()));
            return Err(HostError::Usage(Box::new(report)));
        }
    }
    let mut passes = Vec::new();
    for (_, _, pass, slot) in slots {
        match each_flag(slot).and_then(|flag| Some((flag, given.get(flag)?))) {
            // The pass runs once for each value.
            Some((flag, values)) => {
                for value in values {
                    let one = Flags::from([(flag.to_owned(), vec![value.clone()])]);
                    let given: Flags = given.clone().into_iter().chain(one).collect();
                    passes.push(element(pass, slot, &given, &declared)?);
                }
            }
            None => passes.push(element(pass, slot, given, &declared)?),
        }
    }
    Ok(format!("builtin.module({})", passes.join(",")))
}

/// The flag of a `{*flag}` in a slot's options.
fn each_flag(slot: &SlotRecord) -> Option<&str> {
    let inside = slot.options.split("{*").nth(1)?;
    inside.split('}').next()
}

fn element(
    pass: &PassRecord,
    slot: &SlotRecord,
    given: &Flags,
    declared: &BTreeMap<String, CompileFlag>,
) -> Result<String, HostError> {
    let mut options: Vec<String> = Vec::new();
    for pair in slot.options.split_whitespace() {
        let Some((key, template)) = pair.split_once('=') else {
            options.push(pair.to_owned());
            continue;
        };
        let Some(values) = fill(template, given, declared) else { continue };
        let is_list = pass.options.iter().any(|option| option.name == key && option.kind.ends_with("-list"));
        let value =
            if is_list { quote::list(values.iter().map(String::as_str)) } else { quote::scalar(&values.join(",")) };
        let value = value.map_err(|error| {
            let report = Report::error(error.to_string()).note(format!("it is the value of {key} of {}", pass.pass));
            let help = "rename the file or folder; put a command into a script and name that";
            HostError::Usage(Box::new(report.help(Some(help.to_owned()))))
        })?;
        options.push(format!("{key}={value}"));
    }
    let text = if options.is_empty() { pass.pass.clone() } else { format!("{}{{{}}}", pass.pass, options.join(" ")) };
    Ok(match pass.anchor.as_str() {
        "" | "builtin.module" => text,
        "hal.executable.variant" => format!("hal.executable(hal.executable.variant({text}))"),
        op => format!("{op}({text})"),
    })
}

/// A template with `{flag}` and `{flag|other}` replaced by the first one that is given or has a default. A template that
/// is one placeholder gives all values of the flag. `{*flag}` stands for one of the flag's values, the pass runs for each;
/// `{@target-flags}` is `name=value;…` of all targets' flags given, `{@target-pipeline:STAGE}` are the `--target-pipeline`
/// texts of a stage. None when a placeholder has no value.
fn fill(template: &str, given: &Flags, declared: &BTreeMap<String, CompileFlag>) -> Option<Vec<String>> {
    let inside = template.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    if let Some(inside) = inside.filter(|inside| !inside.contains('{')) {
        return values(inside, given, declared);
    }
    let (mut text, mut rest) = (String::new(), template);
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').map(|at| open + at)?;
        text.push_str(&rest[..open]);
        text.push_str(&values(&rest[open + 1..close], given, declared)?.join(","));
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    Some(vec![text])
}

/// The values of a placeholder; at least one.
fn values(inside: &str, given: &Flags, declared: &BTreeMap<String, CompileFlag>) -> Option<Vec<String>> {
    if inside == TARGET_FLAGS {
        let flags = declared.values().filter(|flag| flag.of_target);
        let pairs = flags.filter_map(|f| Some(format!("{}={}", f.record.name, given.get(&f.record.name)?.last()?)));
        let pairs = pairs.collect::<Vec<_>>().join(";");
        return (!pairs.is_empty()).then(|| vec![pairs]);
    }
    if let Some(stage) = inside.strip_prefix("@target-pipeline:") {
        let texts: Vec<_> = target_pipeline::of_stage(given.get(target_pipeline::FLAG)?, stage).collect();
        return (!texts.is_empty()).then_some(texts);
    }
    inside.trim_start_matches('*').split('|').find_map(|flag| {
        let record = declared.get(flag).map(|flag| &flag.record);
        let default = record.map(|record| vec![record.default.clone()]).filter(|default| !default[0].is_empty());
        let values = given.get(flag).cloned().or(default)?;
        // `NAME,…` says that commas separate several values; otherwise they belong to the value.
        let several = record.is_some_and(|record| record.value.ends_with(",…"));
        Some(if several { values.iter().flat_map(|v| v.split(',')).map(str::to_owned).collect() } else { values })
    })
}

/// The flags named in each `{…}` of a template.
fn placeholders(template: &str) -> Vec<Vec<&str>> {
    let parts = template.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(inside, _)| inside.trim_start_matches('*').split('|').collect()).collect()
}

impl Host {
    /// Makes the flags known to passes (`PassContext::flag`).
    pub fn set_flags(&self, given: &Flags) {
        let mut flags = self.flags.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        flags.clone_from(given);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_without_its_flag_is_left_out() {
        let given = Flags::from([("to".into(), vec!["d".into()]), ("sub".into(), vec!["a=b".into(), "c=d,e".into()])]);
        let none = BTreeMap::new();
        let fill = |template| fill(template, &given, &none);
        assert_eq!(fill("{to}"), Some(vec!["d".into()]));
        assert_eq!(fill("{other|to}"), Some(vec!["d".into()]));
        assert_eq!(fill("x{to}/{to}"), Some(vec!["xd/d".into()]));
        assert_eq!(fill("{sub}"), Some(vec!["a=b".into(), "c=d,e".into()]));
        assert_eq!(fill("{other}"), None);
    }
}
