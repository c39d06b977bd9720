//! Where plugins are looked for, and what their manifests say. No plugin code runs here.

use crate::error::HostError;
use ropt_abi::manifest::{Manifest, ManifestError, read_manifest};
use std::{
    env,
    path::{Path, PathBuf},
};

/// A plugin's file and what it says of itself.
#[derive(Debug, Clone)]
pub struct PluginFile {
    /// The dylib.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
}

/// The folders that are searched, in order: `ROPT_PLUGIN_PATH`, the executable's folder, `../lib/ropt` from there.
#[must_use]
pub fn search_path() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = env::var_os("ROPT_PLUGIN_PATH")
        .map(|value| env::split_paths(&value).filter(|p| !p.as_os_str().is_empty()).collect())
        .unwrap_or_default();
    let executable = env::current_exe().and_then(|path| path.canonicalize());
    if let Some(folder) = executable.ok().and_then(|path| path.parent().map(Path::to_path_buf)) {
        folders.push(folder.clone());
        folders.push(folder.join("../lib/ropt"));
    }
    folders
}

/// Finds every plugin: the files named outright, then those of the search path, sorted within each folder.
///
/// # Errors
/// When a named file is not usable. A file of a folder that is no plugin is passed over; one that is a plugin but
/// broken is an error, so that it is not missed silently.
pub fn discover(named: &[PathBuf]) -> Result<Vec<PluginFile>, HostError> {
    let mut found = Vec::new();
    for path in named {
        found.push(read(path)?);
    }
    for folder in search_path() {
        for path in libraries(&folder)? {
            match read(&path) {
                Ok(plugin) => found.push(plugin),
                Err(HostError::Manifest { reason: ManifestError::NotAPlugin, .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|plugin| seen.insert(plugin.path.canonicalize().unwrap_or(plugin.path.clone())));
    Ok(found)
}

/// The `libropt_*.so` and `ropt_*.so` files of a folder, sorted. A folder that is not there is empty.
fn libraries(folder: &Path) -> Result<Vec<PathBuf>, HostError> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|reason| HostError::Read { path: folder.to_path_buf(), reason })?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = name.starts_with("libropt_") || name.starts_with("ropt_");
        if ours && name.ends_with(".so") && !name.starts_with("libropt_mlir") {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<PluginFile, HostError> {
    let failed = |reason| HostError::Read { path: path.to_path_buf(), reason };
    let file = std::fs::File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(failed(std::io::Error::other("it is not a regular file")));
    }
    // SAFETY: the mapping is private and read-only; a file that shrinks meanwhile would end the process with a
    // signal, which the crash handler names.
    let bytes = unsafe { memmap2::Mmap::map(&file) }.map_err(failed)?;
    let manifest = read_manifest(&bytes).map_err(|reason| HostError::Manifest { path: path.to_path_buf(), reason })?;
    Ok(PluginFile { path: path.to_path_buf(), manifest })
}
