//! What an object file holds: its machine, the functions it defines, what it needs from elsewhere.

use object::{
    Architecture, Object as _, ObjectKind, ObjectSymbol as _, SymbolFlags, elf,
    read::{File, archive::ArchiveFile},
};
use std::collections::BTreeSet;
use thiserror::Error;

/// A readable object: an ELF file or an archive of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectFile {
    /// The machine, as triples name it (`x86_64`, `aarch64`); empty when an archive holds nothing.
    pub machine: String,
    /// Whether it is a shared library rather than something to link.
    pub shared: bool,
    /// The functions it defines for others, sorted.
    pub functions: Vec<String>,
    /// The functions it defines that nothing outside of it can find, for they are hidden; sorted.
    pub hidden: Vec<String>,
    /// The functions that several members of an archive define, sorted.
    pub clashing: Vec<String>,
    /// All symbols it defines for others, sorted.
    pub defined: Vec<String>,
    /// The symbols it needs and does not define, sorted; weak ones may be missing and are left out.
    pub undefined: Vec<String>,
}

/// Why bytes are no such object.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ObjectError {
    /// Damaged or no object at all.
    #[error("the object is damaged or cut short: {0}")]
    Unreadable(String),
    /// A finished program has no symbols to link against.
    #[error("it is a program, not an object or a shared library")]
    Program,
    /// An archive's members are for several machines.
    #[error("its members are for different machines, {first} and {second}")]
    Machines {
        /// One.
        first: String,
        /// Another.
        second: String,
    },
    /// An archive that names its members instead of holding them.
    #[error("it is a thin archive, which only names its members")]
    Thin,
}

impl ObjectFile {
    /// Reads an ELF file or an archive.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(data: &[u8]) -> Result<Self, ObjectError> {
        if !data.starts_with(b"!<arch>\n") && !data.starts_with(b"!<thin>\n") {
            return Self::read_one(data);
        }
        let archive = ArchiveFile::parse(data).map_err(unreadable)?;
        if archive.is_thin() {
            return Err(ObjectError::Thin);
        }
        let (mut all, mut functions) = (Self::default(), BTreeSet::new());
        let (mut hidden, mut clashing) = (BTreeSet::new(), BTreeSet::new());
        let (mut defined, mut undefined) = (BTreeSet::new(), BTreeSet::new());
        for member in archive.members() {
            let member = Self::read_one(member.map_err(unreadable)?.data(data).map_err(unreadable)?)?;
            if !all.machine.is_empty() && all.machine != member.machine {
                return Err(ObjectError::Machines { first: all.machine, second: member.machine });
            }
            all.machine = member.machine;
            clashing.extend(member.functions.iter().filter(|name| functions.contains(*name)).cloned());
            functions.extend(member.functions);
            hidden.extend(member.hidden);
            defined.extend(member.defined);
            undefined.extend(member.undefined);
        }
        all.undefined = undefined.difference(&defined).cloned().collect();
        all.defined = defined.into_iter().collect();
        all.functions = functions.into_iter().collect();
        all.hidden = hidden.into_iter().collect();
        all.clashing = clashing.into_iter().collect();
        Ok(all)
    }

    fn read_one(data: &[u8]) -> Result<Self, ObjectError> {
        let file = File::parse(data).map_err(unreadable)?;
        let shared = match file.kind() {
            ObjectKind::Dynamic => true,
            ObjectKind::Relocatable => false,
            ObjectKind::Executable => return Err(ObjectError::Program),
            _ => return Err(ObjectError::Unreadable("neither an object nor a shared library".to_owned())),
        };
        let symbols: Vec<_> = if shared { file.dynamic_symbols().collect() } else { file.symbols().collect() };
        let name = |symbol: &object::read::Symbol<'_, '_>| symbol.name().ok().map(str::to_owned);
        let is_defined = |s: &&object::read::Symbol<'_, '_>| s.is_global() && !s.is_undefined();
        let is_function = |s: &&object::read::Symbol<'_, '_>| s.kind() == object::SymbolKind::Text;
        let defined: BTreeSet<String> = symbols.iter().filter(is_defined).filter_map(name).collect();
        let (hidden, functions): (Vec<_>, Vec<_>) =
            symbols.iter().filter(is_defined).filter(is_function).partition(is_hidden);
        let names = |symbols: Vec<_>| symbols.into_iter().filter_map(name).collect::<BTreeSet<String>>();
        let (hidden, functions) = (names(hidden), names(functions));
        let undefined: BTreeSet<String> = symbols
            .iter()
            .filter(|s| s.is_undefined() && s.is_global() && !s.is_weak())
            .filter_map(name)
            .filter(|name| !name.is_empty() && name != "_GLOBAL_OFFSET_TABLE_")
            .collect();
        Ok(Self {
            machine: machine(file.architecture()),
            shared,
            functions: functions.into_iter().collect(),
            hidden: hidden.into_iter().collect(),
            clashing: Vec::new(),
            defined: defined.into_iter().collect(),
            undefined: undefined.into_iter().collect(),
        })
    }
}

/// Whether an ELF symbol is for its own file only, though global there.
fn is_hidden(symbol: &&object::read::Symbol<'_, '_>) -> bool {
    match symbol.flags() {
        SymbolFlags::Elf { st_other, .. } => matches!(st_other.visibility(), elf::STV_HIDDEN | elf::STV_INTERNAL),
        _ => false,
    }
}

fn unreadable(error: object::read::Error) -> ObjectError {
    ObjectError::Unreadable(error.to_string())
}

fn machine(architecture: Architecture) -> String {
    match architecture {
        Architecture::X86_64 => "x86_64".to_owned(),
        Architecture::I386 => "x86_32".to_owned(),
        Architecture::Aarch64 => "aarch64".to_owned(),
        Architecture::Arm => "arm".to_owned(),
        Architecture::Riscv64 => "riscv64".to_owned(),
        Architecture::Riscv32 => "riscv32".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// The machine that an executable format is for, `x86_64` for `embedded-elf-x86_64`; none for other formats.
#[must_use]
pub fn machine_of_format(format: &str) -> Option<&str> {
    let machine = format.split_once("-elf-")?.1;
    Some(match machine {
        "arm_64" => "aarch64",
        "arm_32" => "arm",
        "riscv_64" => "riscv64",
        "riscv_32" => "riscv32",
        other => other,
    })
}

/// The executable format's name for a triple's machine: `arm_64` for `aarch64`, the reverse of [`machine_of_format`].
#[must_use]
pub fn format_machine(machine: &str) -> &str {
    match machine {
        "aarch64" | "arm64" => "arm_64",
        "arm" | "armv7" | "armv7a" => "arm_32",
        "i386" | "i686" => "x86_32",
        "riscv64" => "riscv_64",
        "riscv32" => "riscv_32",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formats_name_their_machine() {
        assert_eq!(machine_of_format("embedded-elf-x86_64"), Some("x86_64"));
        assert_eq!(machine_of_format("system-elf-arm_64"), Some("aarch64"));
        assert_eq!(machine_of_format("cuda-nvptx-fb"), None);
        for machine in ["x86_64", "aarch64", "riscv64", "arm"] {
            assert_eq!(machine_of_format(&format!("embedded-elf-{}", format_machine(machine))), Some(machine));
        }
    }

    #[test]
    fn this_test_program_is_read() {
        let path = std::env::current_exe().expect("a path");
        let data = std::fs::read(path).expect("a file");
        // A position-independent program is a dynamic object as far as its header says.
        let read = ObjectFile::read(&data).expect("an ELF file");
        assert_eq!(read.machine, std::env::consts::ARCH);
        assert!(read.undefined.iter().any(|name| name.starts_with("mem")), "{:?}", read.undefined);
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_object_or_an_error(head in 0_usize..4, tail in proptest::collection::vec(any::<u8>(), 0..200)) {
            let head: &[u8] = [b"".as_slice(), b"\x7fELF\x02\x01\x01", b"!<arch>\n", b"!<thin>\n"][head];
            let _ = ObjectFile::read(&[head, &tail].concat());
        }
    }
}
