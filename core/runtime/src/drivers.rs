//! Finding driver plugins and opening their devices.
//!
//! A driver is a plugin whose manifest names drivers. Manifests are read without loading; a plugin is loaded when one
//! of its drivers is asked for.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
};

use ropt_abi::{
    abi_stable::library::{LibraryError, lib_header_from_path},
    driver::DriverDescriptorRef,
    manifest::{ManifestError, read_manifest},
    root::PluginRootRef,
};
use thiserror::Error;

use crate::device::{self, Device, DeviceError, DeviceInfo};

/// Environment variable with files and folders to look into, separated by colons.
pub const PATH_VARIABLE: &str = "ROPT_PLUGIN_PATH";

/// The drivers that were found, by name.
pub struct Drivers {
    found: BTreeMap<String, Found>,
    /// Files that were given by name or look like drivers, but cannot be used, each with the reason.
    refused: Vec<(PathBuf, String)>,
    /// Places that were searched, for messages.
    searched: Vec<PathBuf>,
}

struct Found {
    path: PathBuf,
    summary: String,
}

/// A driver and the devices it reports, or why there are none.
pub struct Report {
    /// The driver's name.
    pub driver: String,
    /// What it drives.
    pub summary: String,
    /// The plugin's file.
    pub path: PathBuf,
    /// Its devices, or why there are none.
    pub devices: Result<Vec<DeviceInfo>, DriversError>,
    /// Executable formats of its devices.
    pub formats: Vec<String>,
}

/// Why no device could be opened.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is")]
pub enum DriversError {
    #[error("cannot load plugin '{}': {reason}", path.display())]
    Plugin { path: PathBuf, reason: String },
    #[error("there is no plugin file '{}'", path.display())]
    NoFile { path: PathBuf },
    #[error("driver '{driver}' is in two plugins: '{}' and '{}'", first.display(), second.display())]
    Clash { driver: String, first: PathBuf, second: PathBuf },
    #[error("plugin '{}' names the driver '{driver}' in its manifest, but does not have it", path.display())]
    Lost { driver: String, path: PathBuf },
    #[error("there is no device '{name}'")]
    NoDevice { name: String, known: Vec<String>, refused: Vec<(PathBuf, String)>, searched: Vec<PathBuf> },
    #[error("no driver was found that runs {}", list(formats))]
    NoDriver { formats: Vec<String>, refused: Vec<(PathBuf, String)>, searched: Vec<PathBuf> },
    #[error("cannot open device '{device}': {error}")]
    Open { device: String, error: DeviceError },
    #[error("driver '{driver}' has no device: {error}")]
    NoneThere { driver: String, error: DeviceError },
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "programs without executables".to_owned() } else { format!("'{}'", names.join("', '")) }
}

impl Drivers {
    /// Searches the plugins given by name, those of the environment variable, and those that lie beside the tool.
    ///
    /// # Errors
    /// When a plugin given by name cannot be used, or two plugins bring the same driver.
    pub fn discover(given: &[PathBuf]) -> Result<Self, DriversError> {
        let mut drivers = Self { found: BTreeMap::new(), refused: Vec::new(), searched: Vec::new() };
        for path in given {
            if !path.is_file() {
                return Err(DriversError::NoFile { path: path.clone() });
            }
            let refuse = |reason: String| DriversError::Plugin { path: path.clone(), reason };
            drivers.add(path)?.map_err(refuse)?;
            let file = path.canonicalize().unwrap_or_default();
            if !drivers.found.values().any(|found| found.path == file) {
                return Err(refuse("it brings no driver".to_owned()));
            }
        }
        for place in places() {
            drivers.search(&place)?;
        }
        Ok(drivers)
    }

    fn search(&mut self, place: &Path) -> Result<(), DriversError> {
        self.searched.push(place.to_owned());
        let mut files = Vec::new();
        if place.is_file() {
            files.push(place.to_owned());
        }
        let entries = place.read_dir().into_iter().flatten().flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| is_named_like_a_plugin(path)));
        files.sort();
        for path in files {
            if let Err(reason) = self.add(&path)? {
                self.refused.push((path, reason));
            }
        }
        Ok(())
    }

    /// Adds a plugin's drivers. The inner error is a reason not to use the file; a file that is no plugin is none.
    fn add(&mut self, path: &Path) -> Result<Result<(), String>, DriversError> {
        let path = match path.canonicalize() {
            Ok(path) => path,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let bytes = match map(&path) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let manifest = match read_manifest(&bytes) {
            Ok(manifest) => manifest,
            Err(ManifestError::NotAPlugin) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error.to_string())),
        };
        for driver in manifest.drivers {
            match self.found.get(&driver.driver) {
                Some(first) if first.path != path => {
                    return Err(DriversError::Clash { driver: driver.driver, first: first.path.clone(), second: path });
                }
                _ => self.found.insert(driver.driver, Found { path: path.clone(), summary: driver.help }),
            };
        }
        Ok(Ok(()))
    }

    /// All drivers with their devices; loads every driver.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        let report = |(name, found): (&String, &Found)| {
            let loaded = load(name, &found.path);
            let devices = |driver| {
                device::devices(driver).map_err(|error| DriversError::NoneThere { driver: name.clone(), error })
            };
            Report {
                driver: name.clone(),
                summary: found.summary.clone(),
                path: found.path.clone(),
                formats: loaded.as_ref().map_or_else(|_| Vec::new(), |driver| device::formats(*driver)),
                devices: loaded.and_then(devices),
            }
        };
        self.found.iter().map(report).collect()
    }

    /// Files that look like drivers but cannot be used.
    #[must_use]
    pub fn refused(&self) -> &[(PathBuf, String)] {
        &self.refused
    }

    /// Places that were searched.
    #[must_use]
    pub fn searched(&self) -> &[PathBuf] {
        &self.searched
    }

    /// Opens `name`, or `name:options`; the name of a driver alone means its default device.
    ///
    /// # Errors
    /// When there is no such device, or it cannot be opened.
    pub fn open(&self, text: &str) -> Result<Device, DriversError> {
        let (name, options) = text.split_once(':').unwrap_or((text, ""));
        let mut known = Vec::new();
        for (driver_name, found) in &self.found {
            if !name.starts_with(driver_name.as_str()) {
                known.push(driver_name.clone());
                continue;
            }
            let driver = load(driver_name, &found.path)?;
            let devices = device::devices(driver)
                .map_err(|error| DriversError::NoneThere { driver: driver_name.clone(), error })?;
            let index = match devices.iter().position(|device| device.name == name) {
                Some(index) => index,
                None if name == driver_name && !devices.is_empty() => 0,
                None => {
                    known.extend(devices.into_iter().map(|device| device.name));
                    continue;
                }
            };
            let opened = Device::open(driver, index as u32, &devices[index].name, options);
            return opened.map_err(|error| DriversError::Open { device: text.to_owned(), error });
        }
        Err(DriversError::NoDevice {
            name: text.to_owned(),
            known,
            refused: self.refused.clone(),
            searched: self.searched.clone(),
        })
    }

    /// Opens the default device of the first driver that loads one of the formats; of any driver when there are none.
    ///
    /// # Errors
    /// When no driver does, or its device cannot be opened. The error is the last driver's own where one was asked.
    pub fn open_for(&self, formats: &[String]) -> Result<Device, DriversError> {
        let mut last = None;
        for (name, found) in &self.found {
            let opened = load(name, &found.path).and_then(|driver| {
                let own = device::formats(driver);
                if !formats.is_empty() && !formats.iter().any(|format| own.contains(format)) {
                    return Ok(None);
                }
                let devices =
                    device::devices(driver).map_err(|error| DriversError::NoneThere { driver: name.clone(), error })?;
                let Some(first) = devices.first() else { return Ok(None) };
                Device::open(driver, 0, &first.name, "")
                    .map(Some)
                    .map_err(|error| DriversError::Open { device: first.name.clone(), error })
            });
            match opened {
                Ok(Some(device)) => return Ok(device),
                Ok(None) => {}
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| DriversError::NoDriver {
            formats: formats.to_owned(),
            refused: self.refused.clone(),
            searched: self.searched.clone(),
        }))
    }
}

/// In folders only files named like plugins are looked at, as `ropt` does it.
fn is_named_like_a_plugin(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    (name.starts_with("libropt_") || name.starts_with("ropt_"))
        && name.ends_with(".so")
        && !name.starts_with("libropt_mlir")
}

/// Maps a file: a manifest is a small part of its plugin.
fn map(path: &Path) -> std::io::Result<memmap2::Mmap> {
    let file = std::fs::File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("it is not a regular file"));
    }
    // SAFETY: private and read-only; a file that shrinks meanwhile ends the process, with the message for crashes.
    unsafe { memmap2::Mmap::map(&file) }
}

/// Environment first, then the tool's folder and its library folder.
fn places() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    if let Some(value) = env::var_os(PATH_VARIABLE) {
        places.extend(env::split_paths(&value).filter(|path| !path.as_os_str().is_empty()));
    }
    if let Some(folder) = env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned)) {
        places.push(folder.join("../lib/ropt"));
        places.push(folder);
    }
    places
}

fn load(name: &str, path: &Path) -> Result<DriverDescriptorRef, DriversError> {
    let failed = |error: LibraryError| DriversError::Plugin { path: path.to_owned(), reason: short(&error) };
    let header = lib_header_from_path(path).map_err(failed)?;
    let root = header.init_root_module::<PluginRootRef>().map_err(failed)?;
    root.drivers()()
        .into_iter()
        .find(|driver| driver.name().as_str() == name)
        .ok_or_else(|| DriversError::Lost { driver: name.to_owned(), path: path.to_owned() })
}

/// The library's words are hundreds of lines; what matters are its lines on errors, or the first one.
fn short(error: &LibraryError) -> String {
    let text = error.to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next().unwrap_or_default().to_owned();
    lines.find(|line| line.starts_with("Error:")).map_or(first, str::to_owned)
}
