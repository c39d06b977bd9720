//! A content-addressed store of finished work in a folder that any number of processes share.
//!
//! A [`Key`] is a digest of everything that a result depends on, so an entry is never out of date: it is found or it is
//! not. Entries are written whole, carry a checksum and are dropped when it does not hold. The store keeps to a limit by
//! removing what was not used for longest. Nothing here knows what is stored, and nothing here is locked: each step is
//! one system call on one file, and losing a race loses an entry, never its truth.
//!
//! ```
//! use ropt_cache::{Cache, Found, KeyMaker};
//! let folder = tempfile::tempdir()?;
//! let cache = Cache::new(folder.path(), 1 << 20);
//! let key = KeyMaker::new("square").field("of", b"12").finish();
//! assert!(matches!(cache.get(&key)?, Found::Nothing));
//! cache.put(&key, b"144")?;
//! cache.settle()?;
//! assert!(matches!(cache.get(&key)?, Found::Entry(bytes) if bytes == b"144"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod entry;
mod fields;
mod key;
mod settings;
mod size;
mod store;

pub use entry::Damage;
pub use fields::{pack, unpack};
pub use key::{Key, KeyMaker};
pub use settings::{DEFAULT_SIZE, Settings, SettingsError};
pub use size::{SizeError, parse_size, size_text};
pub use store::{Cache, CacheError, Found, Stored, Usage};
