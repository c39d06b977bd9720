//! Where plugins are looked for. One rule for `ropt` and `ropt-run`: files named by flag, `ROPT_PLUGIN_PATH`, the
//! program's folder, `../lib/ropt` from there.

use std::{
    env, io,
    path::{Path, PathBuf},
};

/// Environment variable with files and folders to look into, separated by colons.
pub const PATH_VARIABLE: &str = "ROPT_PLUGIN_PATH";

/// How a place came to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Named by `--load-plugin`.
    Flag,
    /// An entry of [`PATH_VARIABLE`].
    Variable,
    /// The folder of the running program.
    Program,
    /// `../lib/ropt` from there.
    Installed,
}

impl Origin {
    /// For messages.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Flag => "named by --load-plugin",
            Self::Variable => "an entry of ROPT_PLUGIN_PATH",
            Self::Program => "the program's folder",
            Self::Installed => "../lib/ropt from the program's folder",
        }
    }

    /// Whether a file of that name in such a folder is taken for a plugin. The program's folder holds other libraries
    /// as well, so there only names with ropt in front count; the other folders are for plugins.
    #[must_use]
    pub fn takes(self, name: &str) -> bool {
        let ours = name.starts_with("libropt_") || name.starts_with("ropt_");
        name.ends_with(".so") && !name.starts_with("libropt_mlir") && (ours || self != Self::Program)
    }
}

/// A folder, or a file, to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub path: PathBuf,
    /// Why.
    pub origin: Origin,
}

/// The places of the search path, in order. A program that runs with more rights than its user ignores the variable.
#[must_use]
pub fn places() -> Vec<Place> {
    let mut places = Vec::new();
    if !raised() {
        let value = env::var_os(PATH_VARIABLE).unwrap_or_default();
        let named = env::split_paths(&value).filter(|path| !path.as_os_str().is_empty());
        places.extend(named.map(|path| Place { path, origin: Origin::Variable }));
    }
    let program = env::current_exe().and_then(|path| path.canonicalize());
    if let Some(folder) = program.ok().and_then(|path| path.parent().map(Path::to_path_buf)) {
        places.push(Place { path: folder.clone(), origin: Origin::Program });
        places.push(Place { path: folder.join("../lib/ropt"), origin: Origin::Installed });
    }
    places
}

/// Whether the process got rights by set-uid, set-gid or file capabilities.
#[must_use]
pub fn raised() -> bool {
    // SAFETY: reads a word that the kernel gave the process.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// The files of a place that may be plugins, sorted. A place that is not there has none.
///
/// # Errors
/// When a folder that is there cannot be read.
pub fn candidates(place: &Place) -> io::Result<Vec<PathBuf>> {
    if !place.path.is_dir() {
        return Ok(place.path.exists().then(|| place.path.clone()).into_iter().collect());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&place.path)? {
        let entry = entry?;
        if place.origin.takes(&entry.file_name().to_string_lossy()) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_for_plugins_takes_any_library_and_the_programs_folder_only_ours() {
        for (name, program, variable) in [
            ("libropt_x.so", true, true),
            ("ropt_x.so", true, true),
            ("librename.so", false, true),
            ("libropt_mlir.so", false, false),
            ("libropt_mlir.so.22.1.1", false, false),
            ("notes.txt", false, false),
        ] {
            assert_eq!(Origin::Program.takes(name), program, "{name}");
            assert_eq!(Origin::Variable.takes(name), variable, "{name}");
        }
    }

    #[test]
    fn what_is_not_there_has_no_candidates() {
        let place = Place { path: "/no/such/folder".into(), origin: Origin::Installed };
        assert_eq!(candidates(&place).expect("no error"), Vec::<PathBuf>::new());
    }
}
