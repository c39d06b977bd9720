//! Opening a plugin: the checks before dlopen, the layout check, and the check that there is one MLIR only.

use crate::{
    discover::PluginFile,
    error::{HostError, OwnMlir},
};
use ropt_abi::{
    elf::{defines, needed},
    open::{open_known, open_plugin},
    root::PluginRootRef,
};

/// Opens a plugin that [`check`] let through. Libraries are never closed again. `known`: another process of this run has
/// opened it, so that its layout is right.
///
/// # Errors
/// When the plugin belongs to another MLIR or ABI, or the system cannot load it.
pub fn load(plugin: &PluginFile, known: bool) -> Result<PluginRootRef, HostError> {
    let path = &plugin.path;
    let file = plugin.opened.loadable(path);
    let opened = match known {
        // SAFETY: the same open file.
        true => unsafe { open_known(&file) },
        false => open_plugin(&file, &plugin.manifest.header.abi),
    };
    let root = opened.map_err(|error| {
        let reason = error.to_string().replace(&file.display().to_string(), &path.display().to_string());
        HostError::Load { path: path.clone(), reason }
    })?;
    let theirs = root.mlir_probe()();
    let ours = ropt_mlir::mlir_sys::mlirContextCreate as *const () as usize;
    if theirs != 0 && theirs != ours {
        return Err(HostError::OwnMlir { path: path.clone(), sign: OwnMlir::Loaded });
    }
    Ok(root)
}

/// What can be told of a plugin's MLIR without loading it.
///
/// # Errors
/// When it was built with another MLIR, or would bring a second one.
pub fn check(plugin: &PluginFile) -> Result<(), HostError> {
    let path = &plugin.path;
    let built_with = &plugin.manifest.header.mlir;
    if !built_with.is_empty() && !same_mlir(built_with, ropt_mlir::BUILD_ID) {
        return Err(HostError::OtherMlir {
            path: path.clone(),
            found: built_with.clone(),
            expected: ropt_mlir::BUILD_ID,
        });
    }
    // SAFETY: as for the manifest: private, read-only, and a file that shrinks ends the process with a name.
    let bytes = unsafe { memmap2::Mmap::map(plugin.opened.file()) }
        .map_err(|reason| HostError::Read { path: path.clone(), reason })?;
    let needed = needed(&bytes);
    if let Some(library) = needed.iter().find(|name| is_foreign_mlir(name)) {
        let library = library.clone();
        return Err(HostError::SecondMlir { path: path.clone(), library, expected: ropt_mlir::SONAME });
    }
    let sign = if defines(&bytes, "mlirContextCreate") {
        OwnMlir::Defined
    } else if memchr::memmem::find(&bytes, MLIR_WORDS).is_some() {
        OwnMlir::Contained
    } else if !built_with.is_empty() && !needed.iter().any(|name| name == ropt_mlir::SONAME) {
        OwnMlir::NotLinked
    } else {
        return Ok(());
    };
    Err(HostError::OwnMlir { path: path.clone(), sign })
}

/// What MLIR says of a flag of its context. Whoever links MLIR's archives has it, hidden, stripped or not.
const MLIR_WORDS: &[u8] = b"Disable multi-threading within MLIR, overrides any further call to MLIRContext";

/// Whether two build ids (`22.1.8+abi1`) name the same MLIR: major, minor and our ABI number; patch releases agree.
fn same_mlir(a: &str, b: &str) -> bool {
    let key = |id: &str| {
        let (version, abi) = id.split_once('+').unwrap_or((id, ""));
        let parts: Vec<_> = version.split('.').take(2).map(str::to_owned).collect();
        (parts, abi.to_owned())
    };
    key(a) == key(b)
}

/// Whether a needed library would be a second MLIR or LLVM.
fn is_foreign_mlir(name: &str) -> bool {
    ["libMLIR", "libLLVM", "libropt_mlir"].iter().any(|start| name.starts_with(start)) && name != ropt_mlir::SONAME
}

#[cfg(test)]
mod tests {
    use super::same_mlir;

    #[test]
    fn patch_releases_agree_and_minors_do_not() {
        assert!(same_mlir("22.1.8+abi1", "22.1.9+abi1"));
        assert!(!same_mlir("22.1.8+abi1", "22.2.0+abi1"));
        assert!(!same_mlir("22.1.8+abi1", "22.1.8+abi2"));
    }
}
