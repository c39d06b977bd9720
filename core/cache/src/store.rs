//! The folder: `<folder>/1/<first hex digit>/<key>`, one file an entry.
//!
//! Each of the 16 shards keeps to a sixteenth of the limit by itself, so that keeping to it reads one folder.

use crate::{
    Key,
    entry::{Damage, HEADER, decode, encode},
};
use rustix::fs::{Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, futimens};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};
use thiserror::Error;

/// The folder of entries with this layout.
const LAYOUT: &str = "1";
/// As many as a key's first hex digit has values.
const SHARDS: u8 = 16;
/// Unfinished files older than this belong to nobody: their process was killed.
const LEFT_OVER: Duration = Duration::from_secs(3600);
/// What tells backup programs to leave the folder out (<https://bford.info/cachedir/>).
const TAG: &str =
    "Signature: 8a477f597d28d172789f06886806bc55\n# This folder belongs to ropt: `ropt cache clear` empties it.\n";

/// The store could not be read or written.
#[derive(Debug, Error)]
#[error("cannot {doing} `{path}`", path = path.display())]
pub struct CacheError {
    /// What was tried: `read`, `write`, …
    pub doing: &'static str,
    /// With what.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// What is under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// This content.
    Entry(Vec<u8>),
    /// A file that is not as it was written; it is removed.
    Damaged(Damage),
}

/// What became of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is there for the next one.
    Kept,
    /// It is larger than its shard may be.
    TooLarge,
}

/// How full a store is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Entries.
    pub entries: u64,
    /// Bytes of their files.
    pub bytes: u64,
}

/// A store. Making one touches nothing.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    limit: u64,
    /// Shards that got entries since the last [`Cache::settle`].
    grown: Mutex<BTreeSet<u8>>,
}

impl Cache {
    /// The store in a folder, of at most so many bytes.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, limit: u64) -> Self {
        Self { folder: folder.into(), limit, grown: Mutex::default() }
    }

    /// What is under a key. Asking counts as use.
    ///
    /// # Errors
    /// When a file is there that cannot be read.
    pub fn get(&self, key: &Key) -> Result<Found, CacheError> {
        let path = self.path(key);
        let read = || -> io::Result<Option<Vec<u8>>> {
            let mut file = match File::open(&path) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                other => other?,
            };
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            touch(&file);
            Ok(Some(bytes))
        };
        let Some(bytes) = read().map_err(failed("read", &path))? else { return Ok(Found::Nothing) };
        Ok(match decode(key, bytes) {
            Ok(content) => Found::Entry(content),
            Err(damage) => {
                // When it cannot be removed it is written over, or found damaged once more.
                let _ = fs::remove_file(&path);
                Found::Damaged(damage)
            }
        })
    }

    /// Puts a content under a key, for others to find at once. The limit is kept by [`Cache::settle`].
    ///
    /// # Errors
    /// When the folder cannot be made or written to. An entry that was there stays.
    pub fn put(&self, key: &Key, content: &[u8]) -> Result<Stored, CacheError> {
        if (HEADER + content.len()) as u64 > self.limit / u64::from(SHARDS) {
            return Ok(Stored::TooLarge);
        }
        let path = self.path(key);
        let file = encode(key, content);
        match ropt_output::write(&path, &file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.make_shard(&path)?;
                ropt_output::write(&path, &file).map_err(failed("write", &path))?;
            }
            done => done.map_err(failed("write", &path))?,
        }
        self.grown.lock().unwrap_or_else(PoisonError::into_inner).insert(key.0[0] >> 4);
        Ok(Stored::Kept)
    }

    /// Keeps to the limit where something was put: entries that were not used for longest go. Returns how many.
    ///
    /// # Errors
    /// When a folder cannot be read, or an entry not removed.
    pub fn settle(&self) -> Result<u64, CacheError> {
        let grown = std::mem::take(&mut *self.grown.lock().unwrap_or_else(PoisonError::into_inner));
        grown.into_iter().map(|shard| self.trim(shard, self.limit / u64::from(SHARDS))).sum()
    }

    /// Keeps to the limit everywhere. Returns how many entries went.
    ///
    /// # Errors
    /// As [`Cache::settle`].
    pub fn prune(&self) -> Result<u64, CacheError> {
        (0..SHARDS).map(|shard| self.trim(shard, self.limit / u64::from(SHARDS))).sum()
    }

    /// Removes every entry. Returns how many there were.
    ///
    /// # Errors
    /// As [`Cache::settle`].
    pub fn clear(&self) -> Result<u64, CacheError> {
        (0..SHARDS).map(|shard| self.trim(shard, 0)).sum()
    }

    /// How full it is.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn usage(&self) -> Result<Usage, CacheError> {
        let mut usage = Usage::default();
        for shard in 0..SHARDS {
            for file in self.files(shard)?.iter().filter(|file| !file.unfinished) {
                usage.entries += 1;
                usage.bytes += file.bytes;
            }
        }
        Ok(usage)
    }

    fn shard(&self, number: u8) -> PathBuf {
        self.folder.join(LAYOUT).join(format!("{number:x}"))
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.shard(key.0[0] >> 4).join(key.to_string())
    }

    /// The folder of an entry, and the tag for backup programs.
    fn make_shard(&self, path: &Path) -> Result<(), CacheError> {
        let shard = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(shard).map_err(failed("make the folder", shard))?;
        let tag = self.folder.join("CACHEDIR.TAG");
        if !tag.exists() {
            ropt_output::write(&tag, TAG.as_bytes()).map_err(failed("write", &tag))?;
        }
        Ok(())
    }

    /// Removes a shard's entries, least recently used first, until the rest has at most `limit` bytes.
    fn trim(&self, shard: u8, limit: u64) -> Result<u64, CacheError> {
        let mut files = self.files(shard)?;
        let now = SystemTime::now();
        let stale = |file: &Held| now.duration_since(file.used).is_ok_and(|age| age > LEFT_OVER);
        for left in files.iter().filter(|file| file.unfinished && stale(file)) {
            remove(&left.path)?;
        }
        files.retain(|file| !file.unfinished);
        files.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
        let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
        let mut removed = 0;
        for file in files {
            if limit != 0 && bytes <= limit {
                break;
            }
            remove(&file.path)?;
            bytes -= file.bytes;
            removed += 1;
        }
        Ok(removed)
    }

    /// What lies in a shard; nothing when there is no such folder yet.
    fn files(&self, shard: u8) -> Result<Vec<Held>, CacheError> {
        let folder = self.shard(shard);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed("read", &folder))?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed("read", &folder))?;
            // What another process removed meanwhile is gone, and so is the question.
            let Ok(about) = entry.metadata() else { continue };
            let Ok(used) = about.modified() else { continue };
            let unfinished = entry.file_name().as_encoded_bytes().starts_with(b".");
            if about.is_file() {
                files.push(Held { path: entry.path(), bytes: about.len(), used, unfinished });
            }
        }
        Ok(files)
    }
}

/// A file of a shard.
struct Held {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
    /// Still being written, or left behind by a process that was killed.
    unfinished: bool,
}

/// A file's time of last use is its time of modification, for entries are never modified.
fn touch(file: &File) {
    let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
    let keep = Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT };
    // In a folder that may only be read the order of use is not kept.
    let _ = futimens(file, &Timestamps { last_access: keep, last_modification: now });
}

fn remove(path: &Path) -> Result<(), CacheError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("remove", path)(error)),
        _ => Ok(()),
    }
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CacheError {
    let path = path.to_owned();
    move |source| CacheError { doing, path, source }
}

#[cfg(test)]
mod tests;
