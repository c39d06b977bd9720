//! Opening a plugin's file so that nobody else decides what is loaded: the file that is checked is, by its descriptor,
//! the file that the loader opens, and nobody but the user, root and whoever installed the program can have written it.

use std::{
    fs::{File, Metadata},
    io,
    os::{
        fd::AsRawFd,
        unix::fs::{MetadataExt, OpenOptionsExt},
    },
    path::{Path, PathBuf},
};

use thiserror::Error;

/// The flag that takes plugins as they are.
pub const FLAG: &str = "--insecure-plugins";

/// Why a plugin's file is not taken.
#[derive(Debug, Error)]
pub enum Untrusted {
    /// The file cannot be opened.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A folder, a pipe, a device.
    #[error("it is not a regular file")]
    NotAFile,
    /// A link in a plugin folder to a file elsewhere.
    #[error("it is a link that leads out of its folder, to {}", to.display())]
    LeadsOut {
        /// Where to.
        to: PathBuf,
    },
    /// Everyone can write the file.
    #[error("everyone can write it (mode {mode:o})")]
    File {
        /// The permissions.
        mode: u32,
    },
    /// Everyone can put another file in its place.
    #[error("everyone can write its folder {} (mode {mode:o})", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The permissions.
        mode: u32,
    },
    /// The file or its folder is somebody else's.
    #[error("{} belongs to user {owner}, neither you ({user}) nor root nor the owner of this program", path.display())]
    Owner {
        /// The file or folder.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// The process's user.
        user: u32,
    },
}

impl Untrusted {
    /// What to do; nothing for what only the system can tell.
    #[must_use]
    pub fn remedy(&self, path: &Path) -> Option<String> {
        let shown = path.display();
        Some(match self {
            Self::Io(_) | Self::NotAFile => return None,
            Self::LeadsOut { to } => {
                format!("copy {} there, or name it by --load-plugin; {FLAG} takes it as it is", to.display())
            }
            Self::File { .. } => format!("chmod o-w {shown}; {FLAG} takes it as it is"),
            Self::Folder { folder, .. } => format!("chmod o-w {}; {FLAG} takes it as it is", folder.display()),
            Self::Owner { .. } => format!("copy it to a folder of yours; {FLAG} takes it as it is"),
        })
    }
}

/// Whether files are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// Only files that nobody else can have written.
    #[default]
    Checked,
    /// Any file.
    Anything,
}

/// A plugin's file, open.
#[derive(Debug)]
pub struct Opened {
    file: File,
}

impl Opened {
    /// The open file.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// A path by which the loader, and a debugger, open just this file, as long as it is open. A library that looks for
    /// others beside itself needs its own path: its folder is one that nobody else can write.
    #[must_use]
    pub fn loadable(&self, path: &Path) -> PathBuf {
        // SAFETY: private and read-only; a file that shrinks meanwhile ends the process, with the message for crashes.
        let bytes = unsafe { memmap2::Mmap::map(&self.file) };
        if bytes.is_ok_and(|bytes| crate::elf::names_its_folder(&bytes)) {
            return path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        }
        format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd()).into()
    }
}

/// Opens a plugin's file. `named` tells that the user named it: then a link is followed wherever it leads.
///
/// # Errors
/// When it cannot be opened, or somebody else can have written it.
pub fn open(path: &Path, named: bool, trust: Trust) -> Result<Opened, Untrusted> {
    // A pipe would wait for its other end.
    let file = File::options().read(true).custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC).open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(Untrusted::NotAFile);
    }
    if trust == Trust::Checked {
        check(path, named, &about)?;
    }
    Ok(Opened { file })
}

fn check(path: &Path, named: bool, about: &Metadata) -> Result<(), Untrusted> {
    // What was opened, not what the path may mean by now.
    let real = path.canonicalize()?;
    let folder = real.parent().unwrap_or(Path::new("/"));
    let home = path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    if !named && home.map(Path::canonicalize).transpose()?.as_deref() != Some(folder) {
        return Err(Untrusted::LeadsOut { to: real });
    }
    let around = folder.metadata()?;
    if about.mode() & 0o002 != 0 {
        return Err(Untrusted::File { mode: about.mode() & 0o7777 });
    }
    // In a sticky folder (/tmp) nobody can replace the file of another user.
    if around.mode() & 0o002 != 0 && around.mode() & 0o1000 == 0 {
        return Err(Untrusted::Folder { folder: folder.into(), mode: around.mode() & 0o7777 });
    }
    let program = std::env::current_exe().and_then(|program| program.metadata()).map(|about| about.uid());
    // SAFETY: asks for a number.
    let user = unsafe { libc::geteuid() };
    let known = |owner: u32| owner == 0 || owner == user || program.as_ref().is_ok_and(|program| *program == owner);
    for (path, owner) in [(real.as_path(), about.uid()), (folder, around.uid())] {
        if !known(owner) {
            return Err(Untrusted::Owner { path: path.into(), owner, user });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_loaded_is_what_was_checked() {
        let folder = std::env::temp_dir().join(format!("ropt-trust-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("plugin.so");
        fs::write(&path, "checked").expect("written");
        let opened = open(&path, true, Trust::Checked).expect("ours");
        let other = folder.join("other.so");
        fs::write(&other, "swapped").expect("written");
        fs::rename(&other, &path).expect("replaced");
        assert_eq!(fs::read(opened.loadable(&path)).expect("still there"), b"checked");
        assert_eq!(fs::read(&path).expect("there"), b"swapped");
        fs::remove_dir_all(&folder).expect("ours");
    }

    #[test]
    fn what_cannot_be_opened_or_is_no_file_has_no_remedy_of_ours() {
        let missing = open(Path::new("/no/such/plugin.so"), true, Trust::Checked).expect_err("not there");
        assert!(matches!(missing, Untrusted::Io(_)) && missing.remedy(Path::new("x")).is_none());
        let folder = open(&std::env::temp_dir(), true, Trust::Anything).expect_err("a folder");
        assert!(matches!(folder, Untrusted::NotAFile));
    }
}
