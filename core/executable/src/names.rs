//! Names: what the user writes (`name@variant=file`), what dumps call their files, and which file in a folder
//! belongs to which executable.

mod directory;
mod file;
mod spelling;
mod written;

pub use directory::{Ambiguity, Entry, Found, Known, Matches, Stage, match_directory};
pub use file::{
    CONFIGURED, FileName, KnownVariant, benchmark_file, configured_file, contents_file, executable_file, file_stem,
    variant_file,
};
pub use spelling::{Spelling, SpellingError};
pub use written::{SameFile, Written};
