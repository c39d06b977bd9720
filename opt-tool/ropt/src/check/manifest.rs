//! What can be told of any plugin: its names, its texts, and that its code has what its manifest says.

use super::{
    case::{Case, Folder, Tools},
    failed,
};
use ropt_abi::manifest::{FlagRecord, Manifest, PassRecord};
use ropt_conformance::{claims::Claims, report::Verdict};
use ropt_host::discover::PluginFile;
use serde_json::Value;

type Check = fn(&Manifest) -> Verdict;

/// Checks of the manifest alone: name, what is expected is in each.
const CHECKS: [(&str, Check); 5] =
    [("names", names), ("help", help), ("options", options), ("slots", slots), ("claims", claims)];

pub(super) fn cases(named: &[&'static PluginFile], tools: &Tools) -> Vec<Case> {
    let mut cases = Vec::new();
    for file in named {
        let (file, plugin) = (*file, &file.manifest.header.plugin);
        for (name, check) in CHECKS {
            cases.push(Case::new(format!("manifest/{plugin}/{name}"), move |_| check(&file.manifest)));
        }
        cases.push(Case::new(format!("manifest/{plugin}/abi"), move |_| abi(&file.manifest)));
        let given = tools.clone();
        cases.push(Case::new(format!("manifest/{plugin}/flags"), move |folder| flags(&given, folder)));
        let tools = tools.clone();
        cases.push(Case::new(format!("manifest/{plugin}/registered"), move |folder| registered(file, &tools, folder)));
    }
    cases
}

fn verdict(expected: &str, wrong: Vec<String>) -> Verdict {
    if wrong.is_empty() { Verdict::Passed } else { failed(expected, wrong.join("\n")) }
}

/// `lower-case-words`.
fn well_formed(name: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    name.split('-').all(word) && name.starts_with(|c: char| c.is_ascii_lowercase())
}

fn abi(manifest: &Manifest) -> Verdict {
    let header = &manifest.header;
    let numbers = |text: &str| {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    let mut wrong = Vec::new();
    if numbers(&header.abi).is_none() {
        wrong.push(format!("the ABI `{}`", header.abi));
    }
    for (what, text) in [("version", &header.version), ("compiler", &header.rustc), ("SDK", &header.sdk)] {
        if text.is_empty() {
            wrong.push(format!("no {what}"));
        }
    }
    if manifest.passes.len() + manifest.targets.len() + manifest.drivers.len() == 0 {
        wrong.push("no pass, target or driver".to_owned());
    }
    verdict("an ABI `major.minor`, a version, the compiler and the SDK, and something that the plugin brings", wrong)
}

fn names(manifest: &Manifest) -> Verdict {
    let mut names: Vec<(&str, &str)> = vec![("plugin", &manifest.header.plugin)];
    for pass in &manifest.passes {
        names.push(("pass", &pass.pass));
        names.extend(pass.aliases.iter().map(|alias| ("pass", alias.as_str())));
        names.extend(pass.options.iter().map(|option| ("option", option.name.as_str())));
        names.extend(pass.statistics.iter().map(|statistic| ("statistic", statistic.name.as_str())));
    }
    for target in &manifest.targets {
        names.push(("target", &target.target));
        names.extend(target.aliases.iter().map(|alias| ("target", alias.as_str())));
    }
    names.extend(manifest.drivers.iter().map(|driver| ("driver", driver.driver.as_str())));
    names.extend(every_flag(manifest).map(|flag| ("flag", flag.name.as_str())));
    let wrong = names.iter().filter(|(_, name)| !well_formed(name)).map(|(what, name)| format!("{what} `{name}`"));
    verdict("names of lower-case words with hyphens between them", wrong.collect())
}

fn every_flag(manifest: &Manifest) -> impl Iterator<Item = &FlagRecord> {
    let passes = manifest.passes.iter().flat_map(|pass| &pass.flags);
    passes.chain(manifest.targets.iter().flat_map(|target| &target.flags))
}

fn help(manifest: &Manifest) -> Verdict {
    let mut wrong = Vec::new();
    let mut want = |text: &str, what: String| {
        if text.trim().is_empty() {
            wrong.push(what);
        }
    };
    for pass in &manifest.passes {
        want(&pass.help, format!("pass `{}`", pass.pass));
        pass.options.iter().for_each(|o| want(&o.help, format!("option `{}` of pass `{}`", o.name, pass.pass)));
        pass.statistics.iter().for_each(|s| want(&s.help, format!("statistic `{}` of pass `{}`", s.name, pass.pass)));
    }
    manifest.targets.iter().for_each(|target| want(&target.help, format!("target `{}`", target.target)));
    manifest.drivers.iter().for_each(|driver| want(&driver.help, format!("driver `{}`", driver.driver)));
    every_flag(manifest).for_each(|flag| want(&flag.help, format!("flag `--{}`", flag.name)));
    verdict("a help text for everything; none has", wrong)
}

/// Options whose types are known, whose defaults are values of them.
fn options(manifest: &Manifest) -> Verdict {
    let mut wrong = Vec::new();
    for pass in &manifest.passes {
        for option in &pass.options {
            let default = option.default.as_str();
            let fits = match option.kind.as_str() {
                "string" | "string-list" => true,
                "bool" => ["true", "false"].contains(&default),
                "int" => default.parse::<i64>().is_ok(),
                "uint" => default.parse::<u64>().is_ok(),
                "float" => default.parse::<f64>().is_ok(),
                "int-list" => default.split(',').all(|part| part.is_empty() || part.parse::<i64>().is_ok()),
                "enum" => option.choices.iter().any(|choice| choice == default),
                _ => false,
            };
            if !fits {
                let (name, kind) = (&option.name, &option.kind);
                wrong.push(format!("option `{name}` of pass `{}`: type `{kind}`, default `{default}`", pass.pass));
            }
        }
    }
    verdict("options of known types, each with a default of its type", wrong)
}

/// Slots in phases that there are, whose options are those of their pass.
fn slots(manifest: &Manifest) -> Verdict {
    let mut wrong = Vec::new();
    for pass in &manifest.passes {
        for slot in &pass.slots {
            if ropt_host::compile::phase(&slot.phase).is_none() {
                wrong.push(format!("pass `{}`: phase `{}`", pass.pass, slot.phase));
            }
            wrong.extend(unknown(pass, &slot.options).map(|name| format!("pass `{}`: no option `{name}`", pass.pass)));
        }
    }
    verdict("slots in phases of `ropt compile`, with options that the pass has", wrong)
}

fn unknown<'a>(pass: &'a PassRecord, options: &'a str) -> impl Iterator<Item = &'a str> {
    let names = options.split_whitespace().filter_map(|word| Some(word.split_once('=')?.0));
    names.filter(|name| !pass.options.iter().any(|option| option.name == *name))
}

fn claims(manifest: &Manifest) -> Verdict {
    let wrong = manifest.targets.iter().filter_map(|target| {
        Claims::read(&target.supports).err().map(|error| format!("target `{}`: {error}", target.target))
    });
    verdict("claims of classes and types that there are", wrong.collect())
}

/// The flags of all plugins, of ropt and of MLIR together make a command line.
fn flags(tools: &Tools, folder: &Folder) -> Verdict {
    let arguments = ["compile", "--print-pipeline"].into_iter().map(str::to_owned);
    let arguments: Vec<_> = arguments.chain(tools.plugins.iter().cloned()).collect();
    let ended = folder.run(&tools.ropt, &arguments);
    verdict(
        "flags of `ropt compile` that nobody else has",
        if ended.succeeded() { Vec::new() } else { vec![ended.describe()] },
    )
}

/// The code has what the manifest says, and nothing else.
fn registered(file: &PluginFile, tools: &Tools, folder: &Folder) -> Verdict {
    let ended = match folder.must(&tools.ropt, &tools.registered(file)) {
        Ok(ended) => ended,
        Err(verdict) => return verdict,
    };
    let Ok(value) = serde_json::from_slice::<Value>(&ended.stdout) else {
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        return failed("nothing on stdout while the plugin is loaded", said);
    };
    let manifest = &file.manifest;
    let promised = [
        ("passes", manifest.passes.iter().map(|pass| &pass.pass).collect::<Vec<_>>()),
        ("targets", manifest.targets.iter().map(|target| &target.target).collect()),
        ("drivers", manifest.drivers.iter().map(|driver| &driver.driver).collect()),
    ];
    let mut wrong = Vec::new();
    if value["plugin"] != manifest.header.plugin.as_str() {
        wrong.push(format!("plugin {} of the code, `{}` of the manifest", value["plugin"], manifest.header.plugin));
    }
    for (what, mut names) in promised {
        names.sort();
        let found: Vec<&str> = value[what].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        if found != names {
            wrong.push(format!("{what} of the code [{}], of the manifest [{}]", found.join(", "), names.join(", ")));
        }
    }
    verdict("the plugin's code registers what its manifest names", wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ropt_abi::manifest::{OptionRecord, SlotRecord, TargetRecord};

    /// A manifest with one pass that has nothing wrong.
    fn good() -> Manifest {
        let option = OptionRecord {
            name: "size".into(),
            kind: "int".into(),
            default: "3".into(),
            help: "How large.".into(),
            choices: Vec::new(),
        };
        let slot = SlotRecord { phase: "end".into(), options: "size={size}".into(), ..SlotRecord::default() };
        let pass = PassRecord {
            pass: "acme-tile".into(),
            help: "Tiles.".into(),
            options: vec![option],
            slots: vec![slot],
            ..PassRecord::default()
        };
        let mut manifest = Manifest { passes: vec![pass], ..Manifest::default() };
        let header = &mut manifest.header;
        header.plugin = "acme".into();
        header.abi = "1.3".into();
        (header.version, header.rustc, header.sdk) = ("0.1.0".into(), "rustc 1.95".into(), "0.1.0".into());
        manifest
    }

    fn found(check: Check, change: impl FnOnce(&mut Manifest)) -> String {
        assert_eq!(check(&good()), Verdict::Passed);
        let mut manifest = good();
        change(&mut manifest);
        match check(&manifest) {
            Verdict::Failed { found, .. } => found,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_check_finds_its_mistake() {
        assert_eq!(found(names, |m| m.passes[0].pass = "Acme_Tile".into()), "pass `Acme_Tile`");
        assert_eq!(found(help, |m| m.passes[0].options[0].help.clear()), "option `size` of pass `acme-tile`");
        assert!(found(options, |m| m.passes[0].options[0].default = "x".into()).contains("default `x`"));
        assert_eq!(found(slots, |m| m.passes[0].slots[0].phase = "never".into()), "pass `acme-tile`: phase `never`");
        assert!(found(slots, |m| m.passes[0].slots[0].options = "hight={h}".into()).contains("no option `hight`"));
        let claim = |m: &mut Manifest| {
            let supports = vec![("tiling".to_owned(), vec!["f32".to_owned()])];
            m.targets.push(TargetRecord { target: "acme".into(), supports, ..TargetRecord::default() });
        };
        assert!(found(claims, claim).contains("the op class `tiling`"));
        assert_eq!(found(abi, |m| m.header.abi = "one".into()), "the ABI `one`");
    }
}
