//! Segments: they must be in order, apart from each other, and agree with the file.

use object::{
    Endianness,
    elf::{PF_W, PF_X, PT_DYNAMIC, PT_GNU_RELRO, PT_LOAD, PT_TLS, ProgramHeader64},
    read::elf::ProgramHeader,
};

use super::ElfError;

const PAGE: u64 = 4096;
/// Longer images do not occur; the loader would reserve the memory.
const LONGEST: u64 = 1 << 40;

/// The loadable segments of a file.
pub(super) struct Segments<'a> {
    data: &'a [u8],
    loads: Vec<Load>,
    /// Address of the dynamic section, and its bytes in the file.
    pub(super) dynamic: (u64, u64),
}

#[derive(Clone, Copy)]
struct Load {
    address: u64,
    memory: u64,
    offset: u64,
    stored: u64,
    writable: bool,
    executable: bool,
}

fn damaged<T>(what: &'static str) -> Result<T, ElfError> {
    Err(ElfError::Damaged(what))
}

impl<'a> Segments<'a> {
    /// Checks the program headers, whose file ranges lie inside of `data`.
    pub(super) fn check(
        data: &'a [u8],
        headers: &[ProgramHeader64<Endianness>],
        endian: Endianness,
    ) -> Result<Self, ElfError> {
        let mut segments = Self { data, loads: Vec::new(), dynamic: (0, 0) };
        for header in headers.iter().filter(|header| header.p_type(endian) == PT_LOAD) {
            segments.add(Load {
                address: header.p_vaddr(endian),
                memory: header.p_memsz(endian),
                offset: header.p_offset(endian),
                stored: header.p_filesz(endian),
                writable: header.p_flags(endian).contains(PF_W),
                executable: header.p_flags(endian).contains(PF_X),
            })?;
        }
        for header in headers {
            let (address, memory) = (header.p_vaddr(endian), header.p_memsz(endian));
            match header.p_type(endian) {
                PT_DYNAMIC => {
                    let stored = header.p_filesz(endian);
                    if segments.bytes(address, stored).map(<[u8]>::as_ptr_range)
                        != data
                            .get(header.p_offset(endian) as usize..)
                            .and_then(|tail| tail.get(..stored as usize))
                            .map(<[u8]>::as_ptr_range)
                    {
                        return damaged("its dynamic section is at two places");
                    }
                    segments.dynamic = (address, stored);
                }
                PT_GNU_RELRO if !segments.is_writable(address, memory) => {
                    return damaged("what is to be protected lies outside of its data");
                }
                PT_TLS if memory > LONGEST || !segments.has(address, header.p_filesz(endian)) => {
                    return damaged("its thread-local data lies outside of its segments");
                }
                _ => {}
            }
        }
        if segments.loads.is_empty() || segments.dynamic.1 == 0 {
            return damaged("it has no loadable segment or no dynamic section");
        }
        Ok(segments)
    }

    fn add(&mut self, load: Load) -> Result<(), ElfError> {
        let end = load.address.checked_add(load.memory).filter(|&end| end <= LONGEST);
        if load.memory < load.stored || end.is_none() {
            return damaged("a segment is larger than its place");
        }
        if load.address % PAGE != load.offset % PAGE {
            return damaged("a segment does not begin where its page does");
        }
        if let Some(last) = self.loads.last() {
            // Memory that is not in the file is mapped by whole pages, over whatever else is there.
            let end = last.address + last.memory;
            let end = if last.memory > last.stored { end.next_multiple_of(PAGE) } else { end };
            let start = if last.memory > last.stored { load.address / PAGE * PAGE } else { load.address };
            if start < end {
                return damaged("its segments overlap or are out of order");
            }
        }
        self.loads.push(load);
        Ok(())
    }

    /// The file's bytes for a range of addresses.
    pub(super) fn bytes(&self, address: u64, size: u64) -> Option<&'a [u8]> {
        let load = self.loads.iter().find(|load| contains(load.address, load.stored, address, size))?;
        let start = usize::try_from(load.offset + (address - load.address)).ok()?;
        self.data.get(start..)?.get(..usize::try_from(size).ok()?)
    }

    /// Whether the file has bytes for the addresses; it need not where there are none.
    fn has(&self, address: u64, size: u64) -> bool {
        size == 0 || self.bytes(address, size).is_some()
    }

    /// Whether the addresses lie in one segment.
    pub(super) fn is_loaded(&self, address: u64, size: u64) -> bool {
        self.loads.iter().any(|load| contains(load.address, load.memory, address, size))
    }

    /// Whether the addresses lie in one segment that may be written; the last page counts as a whole.
    pub(super) fn is_writable(&self, address: u64, size: u64) -> bool {
        let inside = |load: &Load| {
            let end = (load.address + load.memory).next_multiple_of(PAGE);
            contains(load.address, end - load.address, address, size)
        };
        self.loads.iter().any(|load| load.writable && inside(load))
    }

    /// Whether code may be at the address.
    pub(super) fn is_executable(&self, address: u64) -> bool {
        self.loads.iter().any(|load| load.executable && contains(load.address, load.memory, address, 1))
    }
}

fn contains(start: u64, length: u64, address: u64, size: u64) -> bool {
    address >= start && (address - start).checked_add(size).is_some_and(|end| end <= length)
}
