//! Checks of an ELF library before the system's loader sees it; kernels, programs and plugins are such libraries.
//!
//! The loader trusts its input: a file that ends early gives SIGBUS, segments that overlap overwrite the process, tables
//! that contradict each other end it with exit status 127. What can be seen from outside is refused here.

mod dynamic;
mod segments;

use object::{
    Endianness, Object, ObjectSymbol,
    elf::{ET_DYN, FileHeader64, Machine},
    read::elf::{FileHeader, ProgramHeader},
};
use thiserror::Error;

use self::segments::Segments;

/// Why bytes are no library for this process.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ElfError {
    /// No magic number.
    #[error("not an ELF file ({0} bytes)")]
    NotElf(usize),
    /// Another class or byte order.
    #[error("not a 64-bit little-endian ELF file")]
    Class,
    /// Another processor.
    #[error("built for {found}, this machine is {expected}")]
    Machine {
        /// The file's machine.
        found: String,
        /// This machine.
        expected: &'static str,
    },
    /// An object file or an executable.
    #[error("not a shared object: link it with -shared -fPIC")]
    NotShared,
    /// Fields that contradict each other.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// Segments beyond the end of the file.
    #[error("cut off: {needed} bytes are needed, there are {actual}")]
    Truncated {
        /// Bytes up to the end of the last segment looked at.
        needed: u64,
        /// Bytes that there are.
        actual: usize,
    },
}

/// A dozen is usual. Each address in the file is looked for in all of them.
const MOST_SEGMENTS: u64 = 128;

/// Checks that `data` is a whole shared object for this machine.
///
/// # Errors
/// When it is not.
pub fn check(data: &[u8]) -> Result<(), ElfError> {
    if !data.starts_with(b"\x7fELF") {
        return Err(ElfError::NotElf(data.len()));
    }
    if data.len() < size_of::<FileHeader64<Endianness>>() {
        return Err(ElfError::Truncated { needed: 64, actual: data.len() });
    }
    let header = FileHeader64::<Endianness>::parse(data).map_err(|_| ElfError::Class)?;
    let endian = header.endian().map_err(|_| ElfError::Class)?;
    if endian != Endianness::Little {
        return Err(ElfError::Class);
    }
    let machine = header.e_machine(endian);
    if machine != machine_here() {
        return Err(ElfError::Machine { found: machine_name(machine), expected: std::env::consts::ARCH });
    }
    if header.e_type(endian) != ET_DYN {
        return Err(ElfError::NotShared);
    }
    let whole = |offset: u64, size: u64| match offset.checked_add(size) {
        Some(end) if end <= data.len() as u64 => Ok(()),
        Some(needed) => Err(ElfError::Truncated { needed, actual: data.len() }),
        None => Err(ElfError::Damaged("a segment ends beyond the address space")),
    };
    let count = u64::from(header.e_phnum(endian));
    if count > MOST_SEGMENTS {
        return Err(ElfError::Damaged("it has more segments than any linker makes"));
    }
    whole(header.e_phoff(endian), count * u64::from(header.e_phentsize(endian)))?;
    let headers =
        header.program_headers(endian, data).map_err(|_| ElfError::Damaged("its program headers are unreadable"))?;
    for segment in headers {
        whole(segment.p_offset(endian), segment.p_filesz(endian))?;
    }
    let segments = Segments::check(data, headers, endian)?;
    dynamic::check(&segments)
}

/// Names of the functions that the library exports, sorted; empty when the section headers were stripped.
pub fn exported_functions(data: &[u8]) -> Vec<String> {
    let Ok(file) = object::File::parse(data) else { return Vec::new() };
    let mut names: Vec<String> = file
        .dynamic_symbols()
        .filter(|symbol| symbol.is_definition() && symbol.kind() == object::SymbolKind::Text)
        .filter_map(|symbol| symbol.name().ok().map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// Whether the library defines a symbol of that name, for others or hidden for itself.
#[must_use]
pub fn defines(data: &[u8], name: &str) -> bool {
    let Ok(file) = object::File::parse(data) else { return false };
    file.dynamic_symbols().chain(file.symbols()).any(|symbol| symbol.is_definition() && symbol.name() == Ok(name))
}

fn machine_here() -> Machine {
    if cfg!(target_arch = "x86_64") { object::elf::EM_X86_64 } else { object::elf::EM_AARCH64 }
}

fn machine_name(machine: Machine) -> String {
    use object::elf;
    match machine {
        elf::EM_X86_64 => "x86_64".to_owned(),
        elf::EM_AARCH64 => "aarch64".to_owned(),
        elf::EM_386 => "x86".to_owned(),
        elf::EM_ARM => "arm".to_owned(),
        elf::EM_RISCV => "riscv".to_owned(),
        elf::EM_CUDA => "cuda".to_owned(),
        elf::EM_AMDGPU => "amdgpu".to_owned(),
        other => format!("ELF machine {}", other.0),
    }
}

/// The libraries that an ELF file asks for (DT_NEEDED); none where it cannot be read.
#[must_use]
pub fn needed(data: &[u8]) -> Vec<String> {
    strings(data, &[object::elf::DT_NEEDED])
}

/// Whether an ELF file looks for its libraries beside itself (`$ORIGIN`).
#[must_use]
pub fn names_its_folder(data: &[u8]) -> bool {
    let paths = strings(data, &[object::elf::DT_RPATH, object::elf::DT_RUNPATH]);
    paths.iter().any(|path| path.contains("$ORIGIN") || path.contains("${ORIGIN}"))
}

/// The values of entries of the dynamic table that are text.
fn strings(data: &[u8], tags: &[object::elf::DynamicTag]) -> Vec<String> {
    let read = || -> object::Result<Vec<String>> {
        let header = FileHeader64::<Endianness>::parse(data)?;
        let endian = header.endian()?;
        let table = header.sections(endian, data)?.dynamic_table(endian, data)?;
        let wanted = table.iter().filter(|entry| tags.contains(&entry.tag));
        wanted.map(|entry| Ok(String::from_utf8_lossy(table.string(entry)?).into_owned())).collect()
    };
    read().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(check(b""), Err(ElfError::NotElf(0)));
        assert_eq!(check(b"hello"), Err(ElfError::NotElf(5)));
        assert_eq!(check(b"\x7fELF"), Err(ElfError::Truncated { needed: 64, actual: 4 }));
        let mut header = [0_u8; 64];
        header[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\0");
        header[18] = 40;
        let error = check(&header).expect_err("for another machine");
        assert!(error.to_string().starts_with("built for arm, this machine is "), "{error}");
    }

    /// The libraries that this process runs with are whole.
    #[test]
    fn system_libraries_pass() {
        let maps = std::fs::read_to_string("/proc/self/maps").expect("readable");
        let mut paths: Vec<&str> = maps
            .lines()
            .filter_map(|line| line.split_whitespace().nth(5))
            .filter(|path| path.contains(".so"))
            .collect();
        paths.dedup();
        assert!(!paths.is_empty());
        for path in paths {
            assert_eq!(check(&std::fs::read(path).expect("readable")), Ok(()), "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_error(tail in proptest::collection::vec(any::<u8>(), 0..300)) {
            let data = [b"\x7fELF\x02\x01\x01".as_slice(), &tail].concat();
            let _ = exported_functions(&data);
            prop_assert!(check(&data).is_err());
        }
    }
}
