//! What must hold however a place looks before.

use super::*;
use std::{
    fs,
    os::unix::fs::{FileTypeExt, PermissionsExt, symlink},
};

fn names(folder: &Path) -> Vec<OsString> {
    let mut names: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").file_name()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn new_files_and_old_ones_with_their_mode() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x");
    write(&file, b"one").expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("set");
    write_executable(&file, b"two").expect("written over");
    assert_eq!((fs::read(&file).expect("read"), mode(&file)), (b"two".to_vec(), 0o640));
    write_executable(&folder.path().join("y"), b"").expect("written");
    assert_eq!(mode(&folder.path().join("y")) & 0o100, 0o100);
    assert_eq!(names(folder.path()), ["x", "y"], "nothing else is left");
}

#[test]
fn the_way_without_unnamed_files_does_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("x");
    for text in ["one", "two"] {
        Place::of(&file).and_then(|place| place.renamed(text.as_bytes(), 0o666, stat(&file).ok())).expect("written");
        assert_eq!(fs::read_to_string(&file).expect("read"), text);
    }
    assert_eq!(names(folder.path()), ["x"]);
}

#[test]
fn links_and_pipes_stay_what_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "old").expect("written");
    symlink("file", at("link")).expect("linked");
    write(&at("link"), b"new").expect("written through");
    assert!(at("link").is_symlink() && fs::read(at("file")).expect("read") == b"new");

    rustix::fs::mknodat(CWD, at("pipe"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).expect("a pipe");
    let reader = std::thread::spawn({
        let pipe = at("pipe");
        move || fs::read(pipe).expect("read")
    });
    write(&at("pipe"), b"through").expect("written into");
    assert_eq!(reader.join().expect("joined"), b"through");
    assert!(fs::metadata(at("pipe")).expect("there").file_type().is_fifo());
}

#[test]
fn what_cannot_be_a_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    symlink("b", at("a")).expect("linked");
    symlink("a", at("b")).expect("linked");
    fs::create_dir(at("d")).expect("a folder");
    let before = names(folder.path());
    for (path, expected) in [
        (at("a"), Errno::LOOP),
        (at("d"), Errno::ISDIR),
        (at("d/"), Errno::ISDIR),
        (at("new/"), Errno::NOTDIR),
        (at("none/x"), Errno::NOENT),
    ] {
        let error = write(&path, b"x").expect_err("refused");
        assert_eq!(error.raw_os_error(), Some(expected.raw_os_error()), "{}: {error}", path.display());
    }
    assert_eq!(names(folder.path()), before);
}
