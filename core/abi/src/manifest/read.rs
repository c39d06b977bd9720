//! Reading a manifest from the bytes of an ELF file, which may be anything.

use super::{
    Header, Manifest, SECTION,
    names::{self, NAME_RULE, shown},
};
use crate::{ABI_MAJOR, ABI_MINOR, SANITIZER};
use object::{Object, ObjectSection, ObjectSymbol};
use serde::{Deserialize, de::IgnoredAny};
use thiserror::Error;

/// The most bytes of a manifest; those of the shipped plugins have some kilobytes.
const LARGEST: usize = 4 << 20;

/// Why a file's manifest cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ManifestError {
    /// Not an ELF file, or one that ends early.
    #[error("not a readable ELF library: {0}")]
    NotElf(String),
    /// An ELF file for another machine.
    #[error("built for {found}, this machine is {expected}")]
    Machine {
        /// The file's architecture.
        found: String,
        /// This process's architecture.
        expected: &'static str,
    },
    /// A library without the section.
    #[error("not a ropt plugin: it has no `{SECTION}` section")]
    NotAPlugin,
    /// More than any plugin has to say.
    #[error("its manifest has {0} bytes, more than {LARGEST}")]
    Large(usize),
    /// A record that is no JSON, or none that we know.
    #[error("record {index} of its manifest is broken: {reason}")]
    Record {
        /// Which record, from 0.
        index: usize,
        /// The parser's words.
        reason: String,
    },
    /// No header or more than one.
    #[error("its manifest has {0} headers instead of one: `ropt_plugin::plugin!` must be used exactly once")]
    Headers(usize),
    /// A name that no pipeline or command line can hold.
    #[error("its manifest names a {what} `{}`: {NAME_RULE}", shown(name))]
    Name {
        /// What is named so.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two things of one kind that cannot be told apart.
    #[error("its manifest has the {what} `{name}` twice")]
    Twice {
        /// What they are.
        what: &'static str,
        /// Their name.
        name: String,
    },
    /// A version that is not `major.minor`.
    #[error("its ABI version `{0}` is not `major.minor`")]
    Version(String),
    /// A sanitizer that this process has not, whose runtime would come too late.
    #[error(
        "built with the sanitizer `{found}`, this process with {}: build the plugin without it, or everything with it",
        if SANITIZER.is_empty() { "none" } else { SANITIZER }
    )]
    Sanitizer {
        /// The plugin's.
        found: String,
    },
    /// Another major version of the ABI.
    #[error(
        "built for plugin ABI {found}, this host speaks {ABI_MAJOR}.{ABI_MINOR}: rebuild the plugin with an SDK of ABI {ABI_MAJOR}"
    )]
    AbiMajor {
        /// The plugin's version.
        found: String,
    },
}

/// Reads and checks the manifest in the bytes of a dylib.
///
/// # Errors
/// When the file is no plugin, is for another machine, or was built for another major version of the ABI.
pub fn read_manifest(bytes: &[u8]) -> Result<Manifest, ManifestError> {
    let elf = object::File::parse(bytes).map_err(|e| ManifestError::NotElf(e.to_string()))?;
    let machine = format!("{:?}", elf.architecture()).to_lowercase();
    if machine != std::env::consts::ARCH {
        return Err(ManifestError::Machine { found: machine, expected: std::env::consts::ARCH });
    }
    let section = elf.section_by_name(SECTION).ok_or(ManifestError::NotAPlugin)?;
    let data = section.data().map_err(|e| ManifestError::NotElf(e.to_string()))?;
    if data.len() > LARGEST {
        return Err(ManifestError::Large(data.len()));
    }
    let manifest = read_records(data)?;
    let abi = &manifest.header.abi;
    let major = abi.split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        None => Err(ManifestError::Version(abi.clone())),
        Some(ABI_MAJOR) => names::check(&manifest).and_then(|()| sanitized(manifest, &elf)),
        Some(_) => Err(ManifestError::AbiMajor { found: abi.clone() }),
    }
}

/// A plugin without a sanitizer runs in any process. C in it, or a build that set the flag elsewhere than in RUSTFLAGS,
/// may have one of which the manifest does not know.
fn sanitized(manifest: Manifest, elf: &object::File<'_>) -> Result<Manifest, ManifestError> {
    let said = Some(manifest.header.sanitizer.as_str()).filter(|said| !said.is_empty());
    match said.or_else(|| sanitizer(elf)) {
        Some(found) if found != SANITIZER => Err(ManifestError::Sanitizer { found: found.to_owned() }),
        _ => Ok(manifest),
    }
}

/// The sanitizer whose functions a library calls or brings.
fn sanitizer(elf: &object::File<'_>) -> Option<&'static str> {
    const STARTS: [(&str, &str); 4] =
        [("__asan_", "address"), ("__tsan_", "thread"), ("__msan_", "memory"), ("__hwasan_", "hwaddress")];
    let mut names = elf.dynamic_symbols().filter_map(|symbol| symbol.name().ok());
    names.find_map(|name| STARTS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, found)| *found))
}

/// The keys that tell what a record describes.
#[derive(Deserialize)]
struct Kind {
    plugin: Option<IgnoredAny>,
    pass: Option<IgnoredAny>,
    target: Option<IgnoredAny>,
    driver: Option<IgnoredAny>,
}

/// Reads the records of a manifest's section, in whatever file it lies.
///
/// # Errors
/// When a record is none, or there is not exactly one header.
pub fn read_records(data: &[u8]) -> Result<Manifest, ManifestError> {
    let mut manifest = Manifest::default();
    let mut headers: Vec<Header> = Vec::new();
    let records = data.split(|byte| *byte == 0).map(|record| record.trim_ascii()).filter(|record| !record.is_empty());
    for (index, record) in records.enumerate() {
        let broken = |reason: serde_json::Error| ManifestError::Record { index, reason: reason.to_string() };
        let kind: Kind = serde_json::from_slice(record).map_err(broken)?;
        if kind.plugin.is_some() {
            headers.push(serde_json::from_slice(record).map_err(broken)?);
        } else if kind.pass.is_some() {
            manifest.passes.push(serde_json::from_slice(record).map_err(broken)?);
        } else if kind.target.is_some() {
            manifest.targets.push(serde_json::from_slice(record).map_err(broken)?);
        } else if kind.driver.is_some() {
            manifest.drivers.push(serde_json::from_slice(record).map_err(broken)?);
        }
    }
    manifest.passes.sort_by(|a, b| a.pass.cmp(&b.pass));
    manifest.targets.sort_by(|a, b| a.target.cmp(&b.target));
    manifest.drivers.sort_by(|a, b| a.driver.cmp(&b.driver));
    let count = headers.len();
    let [header] = <[Header; 1]>::try_from(headers).map_err(|_| ManifestError::Headers(count))?;
    manifest.header = header;
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn records_are_sorted_and_unknown_ones_ignored() {
        let text = b"{\"plugin\":\"p\",\"abi\":\"1.0\"}\0{\"pass\":\"z\"}\0\0{\"pass\":\"a\"}\0{\"later\":1}";
        let manifest = read_records(text).expect("valid");
        let names: Vec<_> = manifest.passes.iter().map(|p| p.pass.as_str()).collect();
        assert_eq!(names, ["a", "z"]);
    }

    #[test]
    fn two_headers_are_refused() {
        let text = b"{\"plugin\":\"p\"}\0{\"plugin\":\"q\"}";
        assert_eq!(read_records(text), Err(ManifestError::Headers(2)));
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_manifest_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = read_manifest(&bytes);
            let _ = read_records(&bytes);
        }
    }
}
