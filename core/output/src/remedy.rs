//! What a user can do when a file cannot be read or written; host, tools and plugins say the same.

use rustix::{
    fs::{Access, access},
    io::Errno,
};
use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

/// What to do when a file or folder cannot be read.
#[must_use]
pub fn read_remedy(path: &Path, error: &io::Error) -> Option<String> {
    let parent = parent(path);
    Some(match error.kind() {
        ErrorKind::NotFound if !parent.is_dir() => format!("there is no folder {}: correct the path", parent.display()),
        ErrorKind::NotFound => format!("correct the name; `ls {}` shows what is there", parent.display()),
        ErrorKind::IsADirectory => "name a file in it".to_owned(),
        ErrorKind::PermissionDenied => isolated(path, Access::READ_OK, "read")
            .unwrap_or_else(|| format!("make it readable: chmod +r {}", path.display())),
        _ => return None,
    })
}

/// What to do when a file cannot be written.
#[must_use]
pub fn write_remedy(path: &Path, error: &io::Error) -> Option<String> {
    let parent = parent(path);
    Some(match error.kind() {
        _ if path.is_dir() => format!("that is a folder: name a file in it, {}", path.join("NAME").display()),
        ErrorKind::NotFound | ErrorKind::NotADirectory if !parent.is_dir() => {
            format!("make the folder first: mkdir -p {}", parent.display())
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => isolated(path, Access::WRITE_OK, "write")
            .unwrap_or_else(|| format!("write to a folder that is yours; {} is not writable", parent.display())),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room, or write to another disk".to_owned(),
        _ => return None,
    })
}

/// What to do when a program that is there does not start.
#[must_use]
pub fn start_remedy(error: &io::Error) -> Option<&'static str> {
    match Errno::from_io_error(error)? {
        Errno::PERM => Some("an isolated plugin may start no programs: set `processes = true` for it in ropt.toml"),
        Errno::ACCESS => Some("make it executable with chmod +x, or name another program"),
        _ => None,
    }
}

/// What to do when the rights of files allow what the sandbox of a worker does not; access(2) asks only the former.
fn isolated(path: &Path, rights: Access, key: &str) -> Option<String> {
    let there = path.ancestors().map(or_here).find(|path| path.exists())?;
    if access(there, rights).is_err() {
        return None;
    }
    let folder = if there.is_dir() { there } else { parent(there) };
    let folder = folder.canonicalize().unwrap_or_else(|_| PathBuf::from(folder));
    Some(format!("an isolated plugin may not: set `{key} = [\"{}\"]` for it in ropt.toml", folder.display()))
}

fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

fn parent(path: &Path) -> &Path {
    or_here(path.parent().unwrap_or(Path::new("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_named() {
        let error = io::Error::from(ErrorKind::NotFound);
        let path = Path::new("/nowhere/at/all/x.so");
        assert_eq!(write_remedy(path, &error).as_deref(), Some("make the folder first: mkdir -p /nowhere/at/all"));
        assert_eq!(read_remedy(path, &error).as_deref(), Some("there is no folder /nowhere/at/all: correct the path"));
    }

    #[test]
    fn a_folder_is_no_file() {
        let error = io::Error::from(ErrorKind::IsADirectory);
        assert!(write_remedy(&std::env::temp_dir(), &error).is_some_and(|text| text.contains("that is a folder")));
    }

    #[test]
    fn a_sandbox_is_told_from_rights() {
        let folder = tempfile::tempdir().expect("a folder");
        let denied = io::Error::from(ErrorKind::PermissionDenied);
        let said = write_remedy(&folder.path().join("new/x.so"), &denied).expect("said");
        let place = folder.path().canonicalize().expect("there");
        assert!(said.ends_with(&format!("set `write = [\"{}\"]` for it in ropt.toml", place.display())), "{said}");
    }
}
