//! Finding driver plugins and opening their devices.
//!
//! A driver is a plugin whose manifest names drivers. Manifests are read without loading; a plugin is loaded when one
//! of its drivers is asked for.

use std::{
    cell::OnceCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
};

pub use ropt_abi::trust::Trust;
use ropt_abi::{
    driver::DriverDescriptorRef,
    manifest::{ManifestError, read_manifest},
    open::open_plugin,
    search::{Origin, Place, candidates, places},
    trust::{Opened, Untrusted, open},
};
use thiserror::Error;

use crate::{
    device::{self, Device, DeviceError, DeviceInfo, Driver},
    fault,
};

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
    /// The file that was checked; it is loaded by this descriptor.
    opened: Rc<Opened>,
    summary: String,
    /// The ABI that the plugin was built for.
    abi: String,
    /// The driver, once it is loaded.
    loaded: OnceCell<Driver>,
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
    #[error("plugin '{}' is not used: {reason}", path.display())]
    Untrusted { path: PathBuf, reason: Untrusted },
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
    Open { device: String, error: DeviceError, by_options: bool },
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
    /// When a plugin given by name cannot be used, somebody else can have written one, or two plugins bring the same
    /// driver.
    pub fn discover(given: &[PathBuf], trust: Trust) -> Result<Self, DriversError> {
        let mut drivers = Self { found: BTreeMap::new(), refused: Vec::new(), searched: Vec::new() };
        for path in given {
            if !path.is_file() {
                return Err(DriversError::NoFile { path: path.clone() });
            }
            let refuse = |reason: String| DriversError::Plugin { path: path.clone(), reason };
            drivers.add(path, Origin::Flag, trust)?.map_err(refuse)?;
            let file = path.canonicalize().unwrap_or_default();
            if !drivers.found.values().any(|found| found.path == file) {
                return Err(refuse("it brings no driver".to_owned()));
            }
        }
        for place in places() {
            drivers.search(&place, trust)?;
        }
        Ok(drivers)
    }

    fn search(&mut self, place: &Place, trust: Trust) -> Result<(), DriversError> {
        self.searched.push(place.path.clone());
        for path in candidates(place).unwrap_or_default() {
            if let Err(reason) = self.add(&path, place.origin, trust)? {
                self.refused.push((path, reason));
            }
        }
        Ok(())
    }

    /// Adds a plugin's drivers. The inner error is a reason not to use the file; a file that is no plugin is none.
    fn add(&mut self, path: &Path, origin: Origin, trust: Trust) -> Result<Result<(), String>, DriversError> {
        let opened = match open(path, origin == Origin::Flag, trust) {
            Ok(opened) => Rc::new(opened),
            Err(error @ (Untrusted::Io(_) | Untrusted::NotAFile)) => return Ok(Err(error.to_string())),
            Err(reason) => return Err(DriversError::Untrusted { path: path.to_owned(), reason }),
        };
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // SAFETY: private and read-only; a file that shrinks meanwhile ends the process, with the message for crashes.
        let bytes = match unsafe { memmap2::Mmap::map(opened.file()) } {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let manifest = match read_manifest(&bytes) {
            Ok(manifest) => manifest,
            Err(ManifestError::NotAPlugin) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error.to_string())),
        };
        let abi = manifest.header.abi;
        for driver in manifest.drivers {
            match self.found.get(&driver.driver) {
                Some(first) if first.path != path => {
                    return Err(DriversError::Clash { driver: driver.driver, first: first.path.clone(), second: path });
                }
                Some(_) => {}
                None => {
                    let found = Found {
                        path: path.clone(),
                        opened: opened.clone(),
                        summary: driver.help,
                        abi: abi.clone(),
                        loaded: OnceCell::new(),
                    };
                    self.found.insert(driver.driver, found);
                }
            }
        }
        Ok(Ok(()))
    }

    /// All drivers with their devices; loads every driver.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        let report = |(name, found): (&String, &Found)| {
            let loaded = load(name, found);
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
            let driver = load(driver_name, found)?;
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
            let open = |options: &str| Device::open(driver, index as u32, &devices[index].name, options);
            return open(options).map_err(|error| DriversError::Open {
                device: text.to_owned(),
                error,
                // A device that opens without them shows that they are to blame.
                by_options: !options.is_empty() && open("").is_ok(),
            });
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
            let opened = load(name, found).and_then(|driver| {
                let own = device::formats(driver);
                if !formats.is_empty() && !formats.iter().any(|format| own.contains(format)) {
                    return Ok(None);
                }
                let devices =
                    device::devices(driver).map_err(|error| DriversError::NoneThere { driver: name.clone(), error })?;
                let Some(first) = devices.first() else { return Ok(None) };
                Device::open(driver, 0, &first.name, "").map(Some).map_err(|error| DriversError::Open {
                    device: first.name.clone(),
                    error,
                    by_options: false,
                })
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

fn load(name: &str, found: &Found) -> Result<Driver, DriversError> {
    if let Some(driver) = found.loaded.get() {
        return Ok(*driver);
    }
    let place = fault::Place::new(format!("driver '{name}' ('{}')", found.path.display()));
    let _guard = fault::enter_driver(place);
    let table = load_anew(name, found)?;
    Ok(*found.loaded.get_or_init(|| Driver { table, place }))
}

fn load_anew(name: &str, found: &Found) -> Result<DriverDescriptorRef, DriversError> {
    let path = &found.path;
    let file = found.opened.loadable(path);
    let root = open_plugin(&file, &found.abi).map_err(|error| DriversError::Plugin {
        path: path.clone(),
        reason: error.to_string().replace(&file.display().to_string(), &path.display().to_string()),
    })?;
    root.drivers()()
        .into_iter()
        .find(|driver| driver.name().as_str() == name)
        .ok_or_else(|| DriversError::Lost { driver: name.to_owned(), path: path.clone() })
}
