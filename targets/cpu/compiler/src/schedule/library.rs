//! The schedule files: built in, or from a folder of the user's.

use std::path::{Path, PathBuf};

use ropt_plugin::prelude::*;

macro_rules! built_in {
    ($($name:literal),+ $(,)?) => {
        /// Names of the built-in schedules, `plain` aside.
        pub(crate) const NAMES: &[&str] = &[$($name),+];

        fn built_in(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some(include_str!(concat!("../../schedules/", $name, ".mlir"))),)+
                _ => None,
            }
        }
    };
}

built_in!("contraction", "convolution", "decompose", "elementwise", "lower", "panels", "rows");

/// The schedule files of a folder, sorted; none when it is empty text.
///
/// # Errors
/// When the folder cannot be listed.
pub(crate) fn files(folder: &str) -> PassResult<Vec<PathBuf>> {
    if folder.is_empty() {
        return Ok(Vec::new());
    }
    let refused = |error| {
        PassError::new(format!("cannot list the schedules in {folder}: {error}"))
            .help("--cpu-schedules=DIR names a folder with a file <name>.mlir")
    };
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(refused)?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "mlir"));
    files.sort();
    Ok(files)
}

/// Where schedules come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Library {
    /// A folder whose `<name>.mlir` go before the built-in ones; empty when there is none.
    pub(crate) folder: String,
}

impl Library {
    /// The text of a schedule, placeholders included.
    pub(crate) fn text(&self, name: &str) -> PassResult<String> {
        if !self.folder.is_empty() {
            let path = Path::new(&self.folder).join(format!("{name}.mlir"));
            match std::fs::read_to_string(&path) {
                Ok(text) => return Ok(text),
                // A folder needs not hold every schedule.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(PassError::new(format!("cannot read {}: {error}", path.display()))),
            }
        }
        built_in(name).map(str::to_owned).ok_or_else(|| {
            PassError::new(format!("there is no schedule `{name}`"))
                .note(format!("built-in schedules: {}, plain", NAMES.join(", ")))
                .help("--cpu-schedules=DIR names a folder with a file <name>.mlir")
        })
    }

    /// Whether there is a schedule of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        built_in(name).is_some()
            || Path::new(&self.folder).join(format!("{name}.mlir")).is_file() && !self.folder.is_empty()
    }
}
