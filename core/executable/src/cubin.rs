//! What a cubin says of its kernels: an ELF file for NVIDIA's GPUs, as `ptxas` and `nvcc -cubin` write it.
//!
//! A kernel is a function with a bank of constants of its own, `.nv.constant0.<name>`; `.nv.info.<name>` lists its
//! attributes. NVIDIA documents neither; the layout here is what CUDA 12's `ptxas` writes and public disassemblers read.

use crate::ptx::Entry;
use object::{Endianness, Object as _, ObjectSection as _, ObjectSymbol as _, SymbolKind, read::elf::ElfFile64};
use std::collections::BTreeMap;
use thiserror::Error;

/// ELF's number for NVIDIA's GPUs.
const EM_CUDA: u16 = 190;
/// Where an ELF header has the number of its machine.
const MACHINE: usize = 18;

/// Attributes: a format byte, a number, and 16 bits, which for this format are the number of bytes that follow.
const SIZED: u8 = 4;
/// One parameter: a word, ordinal and offset of 16 bits each, and a word with the size from bit 18.
const PARAMETER: u8 = 0x17;
/// The bytes of all parameters.
const PARAMETER_BYTES: u8 = 0x19;
/// Threads of a workgroup that the kernel requires, and the most that it takes: three words.
const REQUIRED_THREADS: u8 = 0x10;
const MOST_THREADS: u8 = 0x05;

/// Why bytes are no cubin whose kernels can be told.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CubinError {
    /// Damaged or no ELF file of 64 bits.
    #[error("the cubin is damaged or cut short: {0}")]
    Unreadable(String),
    /// A kernel whose parameters are described in another way.
    #[error("its kernel `{0}` does not say what it takes, as those of CUDA 12 do")]
    Parameters(String),
}

/// Whether the bytes begin as a cubin does.
#[must_use]
pub fn is_cubin(data: &[u8]) -> bool {
    let machine = data.get(MACHINE..MACHINE + 2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
    data.starts_with(b"\x7fELF") && machine == Some(EM_CUDA)
}

/// The kernels of a cubin, by name. A parameter of 8 bytes is a `b64`, since cubins know sizes only.
///
/// # Errors
/// When it is damaged, or of a kind whose parameters cannot be told.
pub fn entries(data: &[u8]) -> Result<Vec<Entry>, CubinError> {
    let unreadable = |error: object::read::Error| CubinError::Unreadable(error.to_string());
    let file = ElfFile64::<Endianness>::parse(data).map_err(unreadable)?;
    // By name: a file may have many symbols and many sections.
    let sections = file.sections().filter_map(|section| Some((section.name().ok()?.to_owned(), section)));
    let sections: BTreeMap<String, _> = sections.filter(|(name, _)| name.starts_with(".nv.")).collect();
    let mut entries = Vec::new();
    for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_global()) {
        let name = symbol.name().map_err(unreadable)?;
        if !sections.contains_key(&format!(".nv.constant0.{name}")) {
            continue;
        }
        let info = sections.get(&format!(".nv.info.{name}"));
        let info = info.map(|section| section.data()).transpose().map_err(unreadable)?.unwrap_or_default();
        entries.push(entry(name, info).ok_or_else(|| CubinError::Parameters(name.to_owned()))?);
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// A kernel by its attributes; none when its parameters are not among them.
fn entry(name: &str, info: &[u8]) -> Option<Entry> {
    let half = |bytes: &[u8], at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let word = |bytes: &[u8], at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let extents = |bytes: &[u8]| Some([word(bytes, 0)?, word(bytes, 4)?, word(bytes, 8)?]);
    let (mut parameters, mut bytes) = (Vec::new(), 0);
    let (mut required, mut most) = (None, None);
    let mut rest = info;
    while let [format, attribute, low, high, behind @ ..] = rest {
        let value = u16::from_le_bytes([*low, *high]);
        let (payload, next) = match *format {
            SIZED => behind.split_at_checked(value.into())?,
            _ => (&[][..], behind),
        };
        match *attribute {
            PARAMETER => parameters.push((half(payload, 4)?, word(payload, 8)? >> 18)),
            PARAMETER_BYTES => bytes = value,
            REQUIRED_THREADS => required = extents(payload),
            MOST_THREADS => most = extents(payload),
            _ => {}
        }
        rest = next;
    }
    if parameters.is_empty() && bytes > 0 {
        return None;
    }
    parameters.sort_unstable();
    let parameters = parameters.into_iter().map(|(_, bytes)| format!("b{}", bytes * 8)).collect();
    Some(Entry { name: name.to_owned(), parameters, workgroup_size: required.or(most) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The attributes of `k(float *, float *, int)` with `__launch_bounds__(64)`, as CUDA 12.9's ptxas writes them.
    fn info() -> Vec<u8> {
        let parameter = |ordinal: u8, offset: u8, size: u32| {
            let mut bytes = vec![SIZED, PARAMETER, 12, 0, 0, 0, 0, 0, ordinal, 0, offset, 0];
            bytes.extend((size << 18 | 0x1_f000).to_le_bytes());
            bytes
        };
        let threads = vec![SIZED, MOST_THREADS, 12, 0, 64, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
        let alone = vec![3, 0x1b, 0xff, 0, 3, PARAMETER_BYTES, 20, 0];
        [parameter(2, 16, 4), parameter(1, 8, 8), parameter(0, 0, 8), alone, threads].concat()
    }

    #[test]
    fn attributes_say_the_interface() {
        let read = entry("k", &info()).expect("attributes");
        assert_eq!(read.parameters, ["b64", "b64", "b32"]);
        assert_eq!(read.workgroup_size, Some([64, 1, 1]));
        assert_eq!(entry("none", &[]).map(|entry| entry.parameters), Some(Vec::new()));
        assert_eq!(entry("cut", &info()[..10]), None);
        assert_eq!(entry("other", &[3, PARAMETER_BYTES, 8, 0]), None);
    }

    #[test]
    fn a_machine_makes_an_elf_file_a_cubin() {
        let mut header = b"\x7fELF\x02\x01\x01".to_vec();
        header.resize(20, 0);
        assert!(!is_cubin(&header));
        header[MACHINE] = 190;
        assert!(is_cubin(&header));
        assert!(matches!(entries(&header), Err(CubinError::Unreadable(_))));
    }

    proptest! {
        #[test]
        fn any_attributes_are_read_or_not(info in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = entry("k", &info);
        }
    }
}
