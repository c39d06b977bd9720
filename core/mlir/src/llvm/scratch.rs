//! The linker's temporary folders, and their end when the process is asked to stop.

use std::{
    fs,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use super::LlvmError;

/// Whether the process is about to end: no folder is made any more.
static ENDING: Mutex<bool> = Mutex::new(false);

fn ending() -> MutexGuard<'static, bool> {
    ENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How this process's temporary folders are named.
fn prefix() -> String {
    format!("ropt-link-{}-", std::process::id())
}

/// Removes the temporary folders of links that are under way: for a process that ends itself next. Links stop where they
/// are, so that none of them reports what it misses.
pub fn remove_link_folders() {
    let mut ending = ending();
    *ending = true;
    let entries = fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix())) {
        // A link may write another file meanwhile; once the folder is gone it can not.
        for _ in 0..100 {
            if fs::remove_dir_all(entry.path()).is_ok() || !entry.path().exists() {
                break;
            }
        }
    }
}

/// Does not come back when the process is about to end.
pub(super) fn wait_if_ending() {
    while *ending() {
        thread::park();
    }
}

/// A temporary folder, removed when dropped.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new() -> Result<Self, LlvmError> {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        wait_if_ending();
        // Held until the folder is there: whoever removes the folders sees it.
        let ending = ending();
        if *ending {
            drop(ending);
            return Self::new();
        }
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("{}{number}", prefix()));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                // Left by an earlier process of the same number.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(LlvmError::File { path, source }),
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing depends on the folder any more, and there is nobody to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}
