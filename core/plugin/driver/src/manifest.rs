//! How records get into the plugin's ELF section.

use std::fmt::Debug;

/// Joins the parts and fills up with NUL bytes, at compile time.
///
/// # Panics
/// At compile time, when the parts are longer than `N`.
#[must_use]
pub const fn join<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut bytes = [0; N];
    let mut at = 0;
    let mut part = 0;
    while part < parts.len() {
        let text = parts[part].as_bytes();
        let mut i = 0;
        while i < text.len() {
            bytes[at] = text[i];
            at += 1;
            i += 1;
        }
        part += 1;
    }
    bytes
}

/// The summed length of the parts, and one for the NUL behind them.
#[must_use]
pub const fn joined_len(parts: &[&str]) -> usize {
    let mut length = 1;
    let mut part = 0;
    while part < parts.len() {
        length += parts[part].len();
        part += 1;
    }
    length
}

/// The compiler that built this plugin, as `rustc --version` says it.
pub const RUSTC: &str = env!("ROPT_RUSTC_VERSION");

/// The sanitizer it was built with; empty for none.
pub const SANITIZER: &str = ropt_abi::SANITIZER;

/// The SDK's version.
pub const SDK: &str = env!("CARGO_PKG_VERSION");

/// The ABI version as text.
pub const ABI: &str = "1.4";
const _: () = {
    // Two digits are enough for now.
    let [major, b'.', minor] = *ABI.as_bytes() else { panic!("ABI above must be `major.minor`") };
    assert!((major - b'0') as u32 == ropt_abi::ABI_MAJOR, "ABI above must say the same as ABI_MAJOR");
    assert!((minor - b'0') as u32 == ropt_abi::ABI_MINOR, "ABI above must say the same as ABI_MINOR");
};

/// A record that must stay in the dylib; the registrations refer to it so that no linker drops it.
#[derive(Clone, Copy)]
pub struct Record(pub &'static [u8]);

impl Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({} bytes)", self.0.len())
    }
}

inventory::collect!(Record);

/// Puts text (literals and constants) into the manifest section.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($($part:expr),+ $(,)?) => {
        const _: () = {
            const PARTS: &[&str] = &[$($part),+];
            #[unsafe(link_section = "ropt_manifest")]
            #[used]
            static RECORD: [u8; $crate::manifest::joined_len(PARTS)] = $crate::manifest::join(PARTS);
            $crate::inventory::submit! { $crate::manifest::Record(&RECORD) }
        };
    };
}
