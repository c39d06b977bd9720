//! Which plugins there are, and what their manifests say. No plugin code runs here.

use crate::{error::HostError, reserved};
pub use ropt_abi::trust::{FLAG as INSECURE, Trust};
use ropt_abi::{
    manifest::{Manifest, ManifestError, read_manifest},
    search::{Origin, Place, candidates, places},
    trust::{Opened, Untrusted, open},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A plugin's file and what it says of itself.
#[derive(Debug, Clone)]
pub struct PluginFile {
    /// The dylib.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
    /// The file that was checked; it is loaded by this descriptor.
    pub opened: Arc<Opened>,
}

/// Which plugins a command line asks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Files named by `--load-plugin`.
    pub named: Vec<PathBuf>,
    /// Whether files are taken that somebody else can have written.
    pub trust: Trust,
}

impl Wanted {
    /// Every place to look at: the files named outright, then the search path.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let named = self.named.iter().map(|path| Place { path: path.clone(), origin: Origin::Flag });
        named.chain(places()).collect()
    }
}

/// Finds every plugin: the files named outright, then those of the search path, sorted within each folder. A file of a folder
/// that is no plugin is nothing. One that is broken, or has a pass called as something of MLIR's, costs only itself: the
/// reasons come second.
///
/// # Errors
/// When a named file is not usable, a folder cannot be read, or somebody else can have written a file.
pub fn discover(wanted: &Wanted) -> Result<(Vec<PluginFile>, Vec<HostError>), HostError> {
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    for place in wanted.places() {
        for path in files(&place)? {
            match read(&path, place.origin, wanted.trust) {
                Ok(plugin) => found.push(plugin),
                Err(error) if place.origin == Origin::Flag => return Err(error),
                Err(HostError::Manifest { reason: ManifestError::NotAPlugin, .. }) => {}
                Err(error @ (HostError::Manifest { .. } | HostError::UpstreamClash { .. })) => broken.push(error),
                Err(error) => return Err(error),
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|plugin| seen.insert(plugin.path.canonicalize().unwrap_or(plugin.path.clone())));
    Ok((found, broken))
}

/// The files of a place that are looked at.
pub(crate) fn files(place: &Place) -> Result<Vec<PathBuf>, HostError> {
    match place.origin {
        Origin::Flag => Ok(vec![place.path.clone()]),
        _ => candidates(place).map_err(|reason| HostError::Read { path: place.path.clone(), reason }),
    }
}

/// Opens, checks and reads one file.
pub(crate) fn read(path: &Path, origin: Origin, trust: Trust) -> Result<PluginFile, HostError> {
    let failed = |reason| HostError::Read { path: path.to_path_buf(), reason };
    let opened = open(path, origin == Origin::Flag, trust).map_err(|reason| match reason {
        Untrusted::Io(reason) => failed(reason),
        Untrusted::NotAFile => failed(io::Error::other("it is not a regular file")),
        reason => HostError::Untrusted { path: path.to_path_buf(), reason },
    })?;
    // SAFETY: the mapping is private and read-only; a file that shrinks meanwhile would end the process with a
    // signal, which the crash handler names.
    let bytes = unsafe { memmap2::Mmap::map(opened.file()) }.map_err(failed)?;
    let manifest = read_manifest(&bytes).map_err(|reason| HostError::Manifest { path: path.to_path_buf(), reason })?;
    reserved::check(path, &manifest)?;
    Ok(PluginFile { path: path.to_path_buf(), manifest, opened: Arc::new(opened) })
}
