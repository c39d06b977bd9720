//! Opening a plugin's dylib, of this ABI's minor version or of an older or newer one.
//!
//! abi_stable checks layouts for a library that is at least as new as its user. A vendor's plugin is older than the host
//! more often than not, so here the older side is the one that is looked for in the newer one.

use crate::{ABI_MINOR, root::PluginRootRef};
use abi_stable::{
    StableAbi,
    abi_stability::abi_checking::check_layout_compatibility,
    library::{LibraryError, lib_header_from_path},
    type_layout::TypeLayout,
};
use std::path::Path;
use thiserror::Error;

/// Why a dylib cannot be used.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The system's loader or abi_stable refuses the file.
    #[error("{0}")]
    Library(String),
    /// It has a manifest and no tables.
    #[error("it exports no tables: `ropt_plugin::plugin!` makes them, and its build must not hide them")]
    NoTables,
    /// Tables or types differ in more than what was added at a table's end.
    #[error("its tables are laid out differently\n{0}")]
    Layout(String),
}

/// Opens the file, whose manifest names the ABI `abi`, and gives its root. Runs its initialisers.
///
/// # Errors
/// When it cannot be loaded, or its layout is not that of the ABI that it names.
pub fn open_plugin(file: &Path, abi: &str) -> Result<PluginRootRef, OpenError> {
    // SAFETY: it is compared.
    unsafe { open(file, Some(abi)) }
}

/// Opens a file whose layout [`open_plugin`] found to be right in another process, which is most of what that does.
///
/// # Errors
/// When it cannot be loaded.
///
/// # Safety
/// It must be the same file.
pub unsafe fn open_known(file: &Path) -> Result<PluginRootRef, OpenError> {
    // SAFETY: the caller's word.
    unsafe { open(file, None) }
}

/// # Safety
/// Without an ABI to compare with, the layout must be known to be right.
unsafe fn open(file: &Path, abi: Option<&str>) -> Result<PluginRootRef, OpenError> {
    let header = lib_header_from_path(file).map_err(|error| match error {
        LibraryError::GetSymbolError { .. } => OpenError::NoTables,
        LibraryError::OpenError { err, .. } => {
            let said = err.to_string();
            OpenError::Library(said.strip_prefix(&format!("{}: ", file.display())).unwrap_or(&said).to_owned())
        }
        other => OpenError::Library(first(&other.to_string())),
    })?;
    let Some(theirs) = header.layout() else {
        return Err(OpenError::Layout("it was built without its layout".to_owned()));
    };
    if let Some(abi) = abi {
        let minor = abi.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok()).unwrap_or(0);
        check(<PluginRootRef as StableAbi>::LAYOUT, theirs, minor < ABI_MINOR).map_err(OpenError::Layout)?;
    }
    // SAFETY: the root's layout, and all that it leads to, was compared, here or in another process; fields that the plugin's tables do not
    // have are `None`, for each table says how long it is.
    unsafe { header.unchecked_layout() }.map_err(|error| OpenError::Library(first(&error.to_string())))
}

/// Whether two layouts are those of two minor versions of one ABI.
fn check(ours: &'static TypeLayout, theirs: &'static TypeLayout, older: bool) -> Result<(), String> {
    let (interface, implementation) = if older { (theirs, ours) } else { (ours, theirs) };
    check_layout_compatibility(interface, implementation).map_err(|error| short(&error.to_string()))
}

/// abi_stable's report without the several hundred lines of types: only the lines that say what differs.
fn short(report: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut keep = 0;
    for line in report.lines() {
        if line.trim_start().starts_with("Error") {
            keep = 4;
        }
        if keep > 0 {
            lines.push(line.trim());
            keep -= 1;
        }
    }
    lines.truncate(12);
    if lines.is_empty() { report.lines().take(8).collect::<Vec<_>>().join("\n") } else { lines.join("\n") }
}

/// The first lines of what may be hundreds.
fn first(report: &str) -> String {
    report.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::check;
    use abi_stable::{StableAbi, type_layout::TypeLayout};

    /// A table as it was, as it is, and as it must not become.
    macro_rules! table {
        ($age:ident { $($field:ident: $type:ty),* } then { $($later:ident: $added:ty),* }) => {
            #[expect(dead_code, reason = "only its layout is looked at")]
            mod $age {
                #[repr(C)]
                #[derive(abi_stable::StableAbi)]
                #[sabi(kind(Prefix(prefix_ref = TableRef)))]
                #[sabi(missing_field(option))]
                pub(super) struct Table {
                    $(pub(super) $field: $type,)*
                    #[sabi(last_prefix_field)]
                    pub(super) last: extern "C" fn() -> usize,
                    $(pub(super) $later: $added,)*
                }
            }
        };
    }
    table!(old { first: u32 } then {});
    table!(new { first: u32 } then { later: extern "C" fn(u32) -> u32 });
    table!(other { first: u64 } then { later: extern "C" fn(u32) -> u32 });

    const OLD: &TypeLayout = <old::TableRef as StableAbi>::LAYOUT;
    const NEW: &TypeLayout = <new::TableRef as StableAbi>::LAYOUT;
    const OTHER: &TypeLayout = <other::TableRef as StableAbi>::LAYOUT;

    #[test]
    fn an_older_plugin_a_newer_one_and_one_of_the_same_age_are_taken() {
        check(NEW, OLD, true).expect("an older plugin in a newer host");
        check(OLD, NEW, false).expect("a newer plugin in an older host");
        check(NEW, NEW, false).expect("a plugin of the same age");
    }

    #[test]
    fn a_table_that_changed_before_its_end_is_refused() {
        for (ours, theirs, older) in [(NEW, OTHER, false), (OTHER, OLD, true), (OLD, OTHER, false)] {
            let message = check(ours, theirs, older).expect_err("another layout");
            assert!(message.contains("Error"), "{message}");
        }
    }

    #[test]
    fn a_plugin_that_says_it_is_newer_and_lacks_a_field_is_refused() {
        check(NEW, OLD, false).expect_err("its manifest does not belong to its code");
    }
}
