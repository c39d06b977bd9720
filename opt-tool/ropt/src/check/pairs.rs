//! Which target goes with which driver, and on which device both are tried.

use super::{
    Arguments,
    case::{Folder, Tools},
};
use ropt_abi::manifest::TargetRecord;
use ropt_conformance::{
    Element,
    claims::{Claims, Class, ELEMENTS},
};
use ropt_host::{Host, HostError, discover::PluginFile};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Where programs of a target run: the device, and the plugin of its driver; or why they do not.
pub(super) type Place = Result<Device, String>;

/// A device.
#[derive(Debug, Clone)]
pub(super) struct Device {
    /// As `--device=` takes it.
    pub(super) name: String,
    /// The driver's plugin.
    pub(super) plugin: PathBuf,
}

/// A target to check.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) claims: Claims,
    pub(super) place: Place,
}

/// A driver to check.
#[derive(Debug, Clone)]
pub(super) struct Driver {
    pub(super) name: String,
    pub(super) place: Place,
    /// A target whose objects it loads, and the type of the numbers that it is tried with.
    pub(super) target: Result<(String, Element), String>,
}

/// The targets and drivers of the named plugins.
pub(super) struct Pairs {
    pub(super) targets: Vec<Target>,
    pub(super) drivers: Vec<Driver>,
    /// Things to know about them.
    pub(super) notes: Vec<String>,
}

/// A driver as `ropt-run devices` tells of it.
struct Found {
    name: String,
    plugin: PathBuf,
    formats: Vec<String>,
    device: Result<String, String>,
}

impl Pairs {
    pub(super) fn find(
        host: &Host,
        named: &[&PluginFile],
        tools: &Tools,
        arguments: &Arguments,
        scratch: &Path,
    ) -> Result<Self, HostError> {
        let mut pairs = Self { targets: Vec::new(), drivers: Vec::new(), notes: Vec::new() };
        let records: Vec<&TargetRecord> = named.iter().flat_map(|file| &file.manifest.targets).collect();
        let drivers: Vec<&str> =
            named.iter().flat_map(|file| &file.manifest.drivers).map(|driver| driver.driver.as_str()).collect();
        if records.is_empty() && drivers.is_empty() {
            return Ok(pairs);
        }
        let found = devices(host, tools, scratch);
        let named_files: Vec<PathBuf> = named.iter().filter_map(|file| file.path.canonicalize().ok()).collect();
        for record in &records {
            // A claim that cannot be read is a failed case of its own; what can be read of the others is not guessed.
            let Ok(claims) = Claims::read(&record.supports) else { continue };
            if record.supports.is_empty() {
                pairs.notes.push(format!(
                    "target `{}` does not say what it supports: it is checked for every class of ops, in f32 and i32",
                    record.target
                ));
            }
            let place = place(&found, &record.formats, &named_files, arguments);
            pairs.targets.push(Target { name: record.target.clone(), claims, place });
        }
        for driver in drivers {
            let Ok(found) = &found else { continue };
            let Some(one) = found.iter().find(|one| one.name == driver) else { continue };
            let loads = |record: &&TargetRecord| record.formats.iter().any(|format| one.formats.contains(format));
            let all = host.plugins.iter().flat_map(|plugin| &plugin.file.manifest.targets);
            let target = records.iter().copied().chain(all).find(loads);
            let target = target.and_then(|record| {
                let claims = Claims::read(&record.supports).ok()?;
                let first = [Element::F32].into_iter().chain(ELEMENTS);
                Some((record.target.clone(), first.into_iter().find(|e| claims.has(Class::Arithmetic, *e))?))
            });
            let formats = one.formats.join(", ");
            pairs.drivers.push(Driver {
                name: driver.to_owned(),
                place: place(&Ok(vec![one]), &one.formats, &named_files, arguments),
                target: target.ok_or(format!("no target that emits {formats}: name its plugin as well")),
            });
        }
        if let Err(reason) = found {
            pairs.notes.push(reason);
        }
        Ok(pairs)
    }
}

/// What `ropt-run devices` finds, in a process of its own: it loads drivers.
fn devices(host: &Host, tools: &Tools, scratch: &Path) -> Result<Vec<Found>, String> {
    // Every plugin with a driver, wherever it was found: `ropt-run` refuses to be given others.
    let with_driver = |file: &&PluginFile| !file.manifest.drivers.is_empty();
    let files = host.plugins.iter().map(|plugin| &plugin.file).filter(with_driver);
    let files: Vec<PathBuf> = files.map(|file| file.path.canonicalize().unwrap_or(file.path.clone())).collect();
    let folder = Folder::new(scratch.join("devices"), tools.limit);
    let words = ["devices".to_owned(), "--json".to_owned()];
    let ended = folder.run(&tools.ropt_run, &words.into_iter().chain(tools.with_drivers(&files)).collect::<Vec<_>>());
    let value = if ended.succeeded() { serde_json::from_slice::<Value>(&ended.stdout).ok() } else { None };
    let value = value.ok_or_else(|| format!("the devices cannot be listed: {}", ended.describe()))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found = |driver: &Value| {
        let device = match driver["devices"].as_array().and_then(|devices| devices.first()) {
            Some(device) => Ok(text(&device["name"])),
            None => Err(driver["absent"].as_str().unwrap_or("the driver names no device").to_owned()),
        };
        let formats = driver["formats"].as_array().into_iter().flatten().map(text).collect();
        Found { name: text(&driver["driver"]), plugin: text(&driver["plugin"]).into(), formats, device }
    };
    Ok(value["drivers"].as_array().into_iter().flatten().map(found).collect())
}

/// The device for these formats: that of a named plugin's driver if there is one.
fn place<F: std::borrow::Borrow<Found>>(
    found: &Result<Vec<F>, String>,
    formats: &[String],
    named: &[PathBuf],
    arguments: &Arguments,
) -> Place {
    let found = found.as_ref().map_err(Clone::clone)?;
    let loads = |one: &&Found| one.formats.iter().any(|format| formats.contains(format));
    let mut fitting: Vec<&Found> = found.iter().map(std::borrow::Borrow::borrow).filter(loads).collect();
    fitting.sort_by_key(|one| !named.contains(&one.plugin));
    let Some(first) = fitting.first() else {
        return Err(format!("no driver loads {}: name its plugin as well", formats.join(", ")));
    };
    let wanted = arguments.device.as_ref().filter(|device| device.starts_with(&first.name));
    match (wanted, &first.device) {
        (Some(device), _) => Ok(Device { name: device.clone(), plugin: first.plugin.clone() }),
        (None, Ok(device)) => Ok(Device { name: device.clone(), plugin: first.plugin.clone() }),
        (None, Err(reason)) => Err(format!("no device: {reason}")),
    }
}
