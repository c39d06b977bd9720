//! What a user can do when a file cannot be read or written; host, tools and plugins say the same.

use std::{
    io::{self, ErrorKind},
    path::Path,
};

/// What to do when a file or folder cannot be read.
#[must_use]
pub fn read_remedy(path: &Path, error: &io::Error) -> Option<String> {
    let parent = parent(path);
    Some(match error.kind() {
        ErrorKind::NotFound if !parent.is_dir() => format!("there is no folder {}: correct the path", parent.display()),
        ErrorKind::NotFound => format!("correct the name; `ls {}` shows what is there", parent.display()),
        ErrorKind::IsADirectory => "name a file in it".to_owned(),
        ErrorKind::PermissionDenied => format!("make it readable: chmod +r {}", path.display()),
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
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            format!("write to a folder that is yours; {} is not writable", parent.display())
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room, or write to another disk".to_owned(),
        _ => return None,
    })
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
}
