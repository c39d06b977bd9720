//! `ropt plugins registered`: what a plugin's code has, to be compared with what its manifest says. It runs as a child of
//! `ropt plugins check`, for it loads the plugin.

use ropt_host::{
    Host, HostError,
    discover::{PluginFile, Wanted},
    load::{check, load},
    output,
};
use serde_json::json;
use std::path::Path;

/// Loads the plugin and prints the names of what it registers, sorted, as JSON.
pub(crate) fn registered(path: &Path, wanted: &Wanted) -> Result<i32, HostError> {
    let host = Host::new(wanted)?;
    let same = |file: &&PluginFile| file.path.canonicalize().ok() == path.canonicalize().ok();
    let Some(file) = host.plugins.iter().map(|plugin| &plugin.file).find(same) else {
        return Err(HostError::Read { path: path.to_path_buf(), reason: std::io::ErrorKind::NotFound.into() });
    };
    check(file)?;
    let root = load(file, false)?;
    let sorted = |names: Vec<String>| {
        let mut names = names;
        names.sort();
        names
    };
    let value = json!({
        "plugin": root.name().as_str(),
        "passes": sorted(root.passes()().iter().map(|pass| pass.name().to_string()).collect()),
        "targets": sorted(root.targets()().iter().map(|target| target.name().to_string()).collect()),
        "drivers": sorted(root.drivers()().iter().map(|driver| driver.name().to_string()).collect()),
    });
    output::print(&format!("{value:#}\n"))?;
    Ok(0)
}
