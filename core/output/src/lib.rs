//! Files that appear whole or not at all, whenever the process ends: a reader finds the old content or the new one.
//!
//! The bytes go to a file without a name, which the system drops with the process, and get their name when all of
//! them are there. Where a file system has no such files, a hidden one beside the place is renamed. Devices and pipes
//! are written to directly, for there is nothing to rename; links stay links.

pub mod remedy;

use rustix::{
    fs::{AtFlags, CWD, FileType, Mode, OFlags, access, linkat, open, rename, stat, unlink},
    io::Errno,
};
use std::{
    ffi::OsString,
    fs::File,
    io::{self, Write},
    os::fd::AsRawFd,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
};

/// Writes a file for reading.
///
/// # Errors
/// The system's reason; `path` is then as it was before.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, bytes, 0o666)
}

/// Writes a file that may be executed.
///
/// # Errors
/// As [`write()`].
pub fn write_executable(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, bytes, 0o777)
}

/// `mode` is of a new file, less the umask; an old one's stays.
fn write_with(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    if path.as_os_str().as_bytes().ends_with(b"/") && !path.is_dir() {
        return Err(Errno::NOTDIR.into());
    }
    let old = match stat(path) {
        Ok(about) => Some(about),
        Err(Errno::NOENT) => None,
        Err(error) => return Err(error.into()),
    };
    match old.as_ref().map(|about| FileType::from_raw_mode(about.st_mode)) {
        None => {}
        Some(FileType::Directory) => return Err(Errno::ISDIR.into()),
        // Renaming over a file that may not be written would work where the folder allows it.
        Some(FileType::RegularFile) => access(path, rustix::fs::Access::WRITE_OK)?,
        Some(_) => return File::options().write(true).open(path)?.write_all(bytes),
    }
    let place = Place::of(path)?;
    if let Ok(mut file) = place.unnamed(mode) {
        file.write_all(bytes)?;
        keep_mode(&file, old)?;
        if place.name(&file).is_ok() {
            return Ok(());
        }
    }
    // No unnamed files here, or no /proc to name them by; any other obstacle shows itself again.
    place.renamed(bytes, mode, old)
}

fn keep_mode(file: &File, old: Option<rustix::fs::Stat>) -> io::Result<()> {
    old.map_or(Ok(()), |old| file.set_permissions(std::fs::Permissions::from_mode(old.st_mode & 0o7777)))
}

/// Where the file belongs, links followed.
struct Place {
    path: PathBuf,
    folder: PathBuf,
    name: OsString,
}

impl Place {
    fn of(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = path.file_name().ok_or_else(|| io::Error::from(Errno::INVAL))?.to_owned();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self { folder: folder.to_owned(), name, path })
    }

    fn unnamed(&self, mode: u32) -> Result<File, Errno> {
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        open(&self.folder, flags, Mode::from_raw_mode(mode)).map(File::from)
    }

    /// Gives the finished file its name.
    fn name(&self, file: &File) -> Result<(), Errno> {
        let held = format!("/proc/self/fd/{}", file.as_raw_fd());
        let link = |path: &Path| linkat(CWD, held.as_str(), CWD, path, AtFlags::SYMLINK_FOLLOW);
        match link(&self.path) {
            // A link cannot take another one's place, a rename can.
            Err(Errno::EXIST) => self.hidden(|hidden| link(hidden)).and_then(|((), hidden)| self.move_in(&hidden)),
            done => done,
        }
    }

    /// The way for file systems without unnamed files.
    fn renamed(&self, bytes: &[u8], mode: u32, old: Option<rustix::fs::Stat>) -> io::Result<()> {
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
        let (file, hidden) = self.hidden(|hidden| open(hidden, flags, Mode::from_raw_mode(mode)))?;
        let mut file = File::from(file);
        if let Err(error) = file.write_all(bytes).and_then(|()| keep_mode(&file, old)) {
            // The first error is the one to tell.
            let _ = unlink(&hidden);
            return Err(error);
        }
        Ok(self.move_in(&hidden)?)
    }

    /// Makes something of a hidden name beside the place that nobody has yet.
    fn hidden<T>(&self, make: impl Fn(&Path) -> Result<T, Errno>) -> Result<(T, PathBuf), Errno> {
        let mut number = 0_u64;
        loop {
            let mut name = OsString::from(".");
            name.push(&self.name);
            name.push(format!(".{}-{number}", std::process::id()));
            let hidden = self.folder.join(name);
            match make(&hidden) {
                Err(Errno::EXIST) => number += 1,
                done => return done.map(|made| (made, hidden)),
            }
        }
    }

    fn move_in(&self, hidden: &Path) -> Result<(), Errno> {
        rename(hidden, &self.path).inspect_err(|_| {
            // The rename's error is the one to tell.
            let _ = unlink(hidden);
        })
    }
}

#[cfg(test)]
mod tests;
