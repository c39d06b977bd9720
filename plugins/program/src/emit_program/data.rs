//! What a program carries besides code, as an object of its own: binaries of executables, constants, the manifest.
//!
//! Megabytes go from memory into the object as they are, past LLVM.

use object::{
    Architecture, BinaryFormat, Endianness, SectionFlags, SectionKind, SymbolFlags, SymbolKind, SymbolScope, elf,
    write::{Object, SectionId, Symbol, SymbolSection},
};
use thiserror::Error;

/// Alignment of binaries and constants: the runtime's for buffers.
const ALIGNMENT: u64 = 64;

/// The object could not be written.
#[derive(Debug, Error)]
#[error("the program's data cannot be put into an object: {0}")]
pub(crate) struct DataError(#[from] object::write::Error);

/// An object under construction.
pub(crate) struct Data {
    object: Object<'static>,
    constants: SectionId,
}

impl Data {
    /// An empty object.
    pub(crate) fn new() -> Self {
        let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
        let constants = object.add_section(Vec::new(), b".rodata".to_vec(), SectionKind::ReadOnlyData);
        Self { object, constants }
    }

    /// Adds bytes under a symbol, which other libraries see when it is exported.
    pub(crate) fn add(&mut self, symbol: &str, bytes: &[u8], exported: bool) {
        let id = self.object.add_symbol(Symbol {
            name: symbol.as_bytes().to_vec(),
            value: 0,
            size: bytes.len() as u64,
            kind: SymbolKind::Data,
            scope: if exported { SymbolScope::Dynamic } else { SymbolScope::Linkage },
            weak: false,
            section: SymbolSection::Undefined,
            flags: SymbolFlags::None,
        });
        self.object.add_symbol_data(id, self.constants, bytes, ALIGNMENT);
    }

    /// Adds a section that is read from the file; the linker keeps it although nothing refers to it.
    pub(crate) fn add_section(&mut self, name: &str, bytes: Vec<u8>) {
        let section = self.object.add_section(Vec::new(), name.as_bytes().to_vec(), SectionKind::ReadOnlyData);
        let sh_flags = elf::SectionFlags(elf::SHF_ALLOC.0 | elf::SHF_GNU_RETAIN.0);
        self.object.section_mut(section).flags = SectionFlags::Elf { sh_type: elf::SHT_PROGBITS, sh_flags };
        self.object.set_section_data(section, bytes, 1);
    }

    /// The object's bytes.
    ///
    /// # Errors
    /// When it is larger than the format allows.
    pub(crate) fn finish(self) -> Result<Vec<u8>, DataError> {
        Ok(self.object.write()?)
    }
}
