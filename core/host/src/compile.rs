//! `ropt compile` is a pipeline made of the slots that passes declare, cut to the phases asked for. The host knows the
//! phases' names and nothing else.

use crate::{error::HostError, host::Host, near::did_you_mean, report::Report};
use ropt_abi::manifest::{FlagRecord, PassRecord, SlotRecord};
use std::collections::{BTreeMap, HashMap};

/// The phases, in order. `input` is the program as given; passes work towards the others.
pub const PHASES: [&str; 6] =
    ["input", "executable-sources", "executable-configurations", "executable-targets", "executable-binaries", "end"];

/// The values of the flags given, by name.
pub type Flags = HashMap<String, Vec<String>>;

/// A flag of `ropt compile`, and who brings it.
#[derive(Debug, Clone)]
pub struct CompileFlag {
    /// The declaration.
    pub record: FlagRecord,
    /// The pass or target.
    pub owner: String,
    /// The latest phase in which it has an effect; none for a target's.
    pub phase: Option<usize>,
    /// Whether it belongs to a target.
    pub of_target: bool,
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
    let mut taken: HashMap<String, std::path::PathBuf> = HashMap::new();
    for plugin in &host.plugins {
        let manifest = &plugin.file.manifest;
        let passes = manifest.passes.iter().flat_map(|pass| {
            pass.flags.iter().map(move |record| CompileFlag {
                record: record.clone(),
                owner: pass.pass.clone(),
                phase: last_phase(pass, &record.name),
                of_target: false,
            })
        });
        let targets = manifest.targets.iter().flat_map(|target| {
            target.flags.iter().map(move |record| CompileFlag {
                record: record.clone(),
                owner: target.target.clone(),
                phase: None,
                of_target: true,
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

/// The latest phase of a slot that mentions the flag.
fn last_phase(pass: &PassRecord, flag: &str) -> Option<usize> {
    let mentions = |slot: &&SlotRecord| {
        let placeholders = placeholders(&slot.options).into_iter().flatten();
        slot.when.iter().any(|f| f == flag) || placeholders.into_iter().any(|f| f == flag)
    };
    pass.slots.iter().filter(mentions).filter_map(|slot| phase(&slot.phase)).max()
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

/// The pipeline from behind phase `from` up to and with phase `to`, as text.
///
/// # Errors
/// When a flag's phase is past, or a slot names no phase.
pub fn assemble(host: &Host, given: &Flags, from: usize, to: usize) -> Result<String, HostError> {
    let declared = flags(host)?;
    for (name, flag) in declared.iter().filter(|(name, _)| given.contains_key(*name)) {
        if let Some(phase) = flag.phase
            && phase <= from
            && from > 0
        {
            let report = Report::error(format!("--{name} has no effect: its phase, {}, is past", PHASES[phase]))
                .note(format!("the input is taken to be at phase {} (--compile-from)", PHASES[from]))
                .help(Some("leave the flag out, or start from an earlier phase".into()));
            return Err(HostError::Usage(Box::new(report)));
        }
    }
    let mut slots: Vec<(usize, i64, &PassRecord, &SlotRecord)> = Vec::new();
    for plugin in &host.plugins {
        for pass in &plugin.file.manifest.passes {
            for slot in &pass.slots {
                let Some(place) = phase(&slot.phase) else {
                    let message = format!("pass `{}` wants a slot in phase `{}`, which is none", pass.pass, slot.phase);
                    let report = Report::error(message).note(format!("the phases are {}", PHASES.join(", ")));
                    return Err(HostError::Usage(Box::new(report)));
                };
                let active = slot.when.is_empty() || slot.when.iter().any(|flag| given.contains_key(flag));
                // A run from the beginning ends the phase `input` itself.
                let ahead = place > from || (from == 0 && place == 0);
                if active && ahead && place <= to {
                    slots.push((place, slot.order, pass, slot));
                }
            }
        }
    }
    slots.sort_by(|a, b| (a.0, a.1, &a.2.pass).cmp(&(b.0, b.1, &b.2.pass)));
    let passes: Vec<_> = slots.iter().map(|(_, _, pass, slot)| element(pass, slot, given, &declared)).collect();
    Ok(format!("builtin.module({})", passes.join(",")))
}

fn element(pass: &PassRecord, slot: &SlotRecord, given: &Flags, declared: &BTreeMap<String, CompileFlag>) -> String {
    let mut options: Vec<String> = Vec::new();
    for pair in slot.options.split_whitespace() {
        let Some((key, template)) = pair.split_once('=') else {
            options.push(pair.to_owned());
            continue;
        };
        if let Some(value) = fill(template, given, declared) {
            options.push(format!("{key}={}", quoted(&value)));
        }
    }
    let text = if options.is_empty() { pass.pass.clone() } else { format!("{}{{{}}}", pass.pass, options.join(" ")) };
    match pass.anchor.as_str() {
        "" | "builtin.module" => text,
        "hal.executable.variant" => format!("hal.executable(hal.executable.variant({text}))"),
        op => format!("{op}({text})"),
    }
}

/// A template with `{flag}` and `{flag|other}` replaced by the first one's values that is given or has a default;
/// `{@target-flags}` gives `name=value;…` of all targets' flags given. None when a placeholder has no value.
fn fill(template: &str, given: &Flags, declared: &BTreeMap<String, CompileFlag>) -> Option<String> {
    let (mut text, mut rest) = (String::new(), template);
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').map(|at| open + at)?;
        text.push_str(&rest[..open]);
        let inside = &rest[open + 1..close];
        let value = if inside == "@target-flags" {
            let flags = declared.values().filter(|flag| flag.of_target);
            let pairs = flags.filter_map(|f| Some(format!("{}={}", f.record.name, given.get(&f.record.name)?.last()?)));
            Some(pairs.collect::<Vec<_>>().join(";")).filter(|pairs| !pairs.is_empty())
        } else {
            inside.split('|').find_map(|flag| {
                let default = declared.get(flag).map(|f| f.record.default.clone()).filter(|d| !d.is_empty());
                given.get(flag).map(|values| values.join(",")).or(default)
            })
        };
        text.push_str(&value?);
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    Some(text)
}

/// The flags named in each `{…}` of a template.
fn placeholders(template: &str) -> Vec<Vec<&str>> {
    let parts = template.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(inside, _)| inside.split('|').collect()).collect()
}

/// The value as MLIR's option parser wants it: in braces when it holds a space.
fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) || value.contains(';') { format!("{{{value}}}") } else { value.to_owned() }
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
        let given = Flags::from([("to".into(), vec!["d".into()]), ("sub".into(), vec!["a=b".into(), "c=d".into()])]);
        let none = BTreeMap::new();
        assert_eq!(fill("{to}", &given, &none).as_deref(), Some("d"));
        assert_eq!(fill("{other|to}", &given, &none).as_deref(), Some("d"));
        assert_eq!(fill("{sub}", &given, &none).as_deref(), Some("a=b,c=d"));
        assert_eq!(fill("{other}", &given, &none), None);
    }
}
