//! The dynamic section: the tables that the loader follows without looking.

use object::elf::{
    DT_FINI, DT_FINI_ARRAY, DT_FINI_ARRAYSZ, DT_GNU_HASH, DT_HASH, DT_INIT, DT_INIT_ARRAY, DT_INIT_ARRAYSZ, DT_JMPREL,
    DT_NEEDED, DT_NULL, DT_PLTREL, DT_PLTRELSZ, DT_RELA, DT_RELACOUNT, DT_RELAENT, DT_RELASZ, DT_RELR, DT_RELRENT,
    DT_RELRSZ, DT_SONAME, DT_STRSZ, DT_STRTAB, DT_SYMENT, DT_SYMTAB, DT_TEXTREL, DT_VERDEF, DT_VERNEED, DT_VERSYM,
    DynamicTag,
};

use super::{ElfError, segments::Segments};

/// Bytes of an entry of the dynamic section, of a relocation, and of a symbol.
const ENTRY: u64 = 16;
const RELOCATION: u64 = 24;
const SYMBOL: u64 = 24;
/// Type of the relocations that only add the image's address.
const RELATIVE: u64 = if cfg!(target_arch = "x86_64") { 8 } else { 1027 };

fn damaged<T>(what: &'static str) -> Result<T, ElfError> {
    Err(ElfError::Damaged(what))
}

fn word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|word| word.try_into().ok()).map_or(0, u64::from_le_bytes)
}

fn half(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 4).and_then(|half| half.try_into().ok()).map_or(0, u32::from_le_bytes).into()
}

/// Tags and values, in order.
struct Entries(Vec<(u64, u64)>);

impl Entries {
    fn get(&self, tag: DynamicTag) -> Option<u64> {
        // The loader keeps the last one.
        self.0.iter().rev().find(|(known, _)| *known == tag.0 as u64).map(|(_, value)| *value)
    }
}

/// Checks all tables that the dynamic section names.
pub(super) fn check(segments: &Segments<'_>) -> Result<(), ElfError> {
    let (address, size) = segments.dynamic;
    let bytes = segments.bytes(address, size).unwrap_or_default();
    let all = bytes.chunks_exact(ENTRY as usize).map(|entry| (word(entry, 0), word(entry, 8)));
    let entries = Entries(all.clone().take_while(|(tag, _)| *tag != DT_NULL.0 as u64).collect());
    if entries.0.len() == all.count() {
        return damaged("its dynamic section has no end");
    }
    names(segments, &entries)?;
    hash(segments, &entries)?;
    relocations(segments, &entries)?;
    calls(segments, &entries)
}

fn names(segments: &Segments<'_>, entries: &Entries) -> Result<(), ElfError> {
    let strings = entries.get(DT_STRTAB).zip(entries.get(DT_STRSZ));
    let Some(strings) = strings.and_then(|(address, size)| segments.bytes(address, size)) else {
        return damaged("its table of names lies outside of its segments");
    };
    if strings.last() != Some(&0) {
        return damaged("its table of names has no end");
    }
    let names = entries.0.iter().filter(|(tag, _)| [DT_NEEDED, DT_SONAME].iter().any(|known| known.0 as u64 == *tag));
    if names.into_iter().any(|(_, offset)| *offset >= strings.len() as u64) {
        return damaged("a name lies outside of its table");
    }
    let symbols = entries.get(DT_SYMTAB).is_some_and(|address| segments.bytes(address, SYMBOL).is_some());
    if !symbols || entries.get(DT_SYMENT) != Some(SYMBOL) {
        return damaged("its table of symbols is not where it should be");
    }
    for tag in [DT_VERSYM, DT_VERNEED, DT_VERDEF] {
        if entries.get(tag).is_some_and(|address| segments.bytes(address, 2).is_none()) {
            return damaged("its table of versions lies outside of its segments");
        }
    }
    Ok(())
}

fn hash(segments: &Segments<'_>, entries: &Entries) -> Result<(), ElfError> {
    const BAD: &str = "its hash table is wrong";
    if let Some(address) = entries.get(DT_GNU_HASH) {
        let Some(header) = segments.bytes(address, 16) else { return damaged(BAD) };
        let (buckets, filters) = (half(header, 0), half(header, 8));
        let size = 16 + filters * 8 + buckets * 4;
        if buckets == 0 || !filters.is_power_of_two() || segments.bytes(address, size).is_none() {
            return damaged(BAD);
        }
    }
    if let Some(address) = entries.get(DT_HASH) {
        let Some(header) = segments.bytes(address, 8) else { return damaged(BAD) };
        let (buckets, chains) = (half(header, 0), half(header, 4));
        if buckets == 0 || segments.bytes(address, 8 + 4 * (buckets + chains)).is_none() {
            return damaged(BAD);
        }
    }
    Ok(())
}

fn relocations(segments: &Segments<'_>, entries: &Entries) -> Result<(), ElfError> {
    const BAD: &str = "its relocations are wrong";
    let text = entries.get(DT_TEXTREL).is_some();
    let target = |offset: u64| {
        if text { segments.is_loaded(offset, 1) } else { segments.is_writable(offset, 1) }
    };
    for (start, size) in [(DT_RELA, DT_RELASZ), (DT_JMPREL, DT_PLTRELSZ)] {
        let Some(address) = entries.get(start) else { continue };
        let Some(table) = entries.get(size).and_then(|size| segments.bytes(address, size)) else { return damaged(BAD) };
        if !(table.len() as u64).is_multiple_of(RELOCATION) {
            return damaged(BAD);
        }
        let relative = if start == DT_RELA { entries.get(DT_RELACOUNT).unwrap_or(0) } else { 0 };
        if relative > table.len() as u64 / RELOCATION {
            return damaged(BAD);
        }
        for (index, entry) in (0..).zip(table.chunks_exact(RELOCATION as usize)) {
            let (offset, info, addend) = (word(entry, 0), word(entry, 8), word(entry, 16));
            let kind = info & 0xffff_ffff;
            if !target(offset) || (index < relative && kind != RELATIVE) {
                return damaged(BAD);
            }
            if kind == RELATIVE && !segments.is_loaded(addend, 0) {
                return damaged(BAD);
            }
        }
    }
    let sizes = entries.get(DT_RELAENT).is_none_or(|size| size == RELOCATION)
        && entries.get(DT_RELRENT).is_none_or(|size| size == 8)
        && entries.get(DT_PLTREL).is_none_or(|kind| kind == DT_RELA.0 as u64);
    if !sizes {
        return damaged(BAD);
    }
    if let Some(address) = entries.get(DT_RELR) {
        let table = entries.get(DT_RELRSZ).and_then(|size| segments.bytes(address, size));
        // An even word is an address, an odd one a bit map of the words behind it.
        let addresses =
            |table: &[u8]| table.chunks_exact(8).map(|entry| word(entry, 0)).filter(|word| word % 2 == 0).all(target);
        if !table.is_some_and(addresses) {
            return damaged(BAD);
        }
    }
    Ok(())
}

/// Functions that the loader calls.
fn calls(segments: &Segments<'_>, entries: &Entries) -> Result<(), ElfError> {
    for tag in [DT_INIT, DT_FINI] {
        if entries.get(tag).is_some_and(|address| !segments.is_executable(address)) {
            return damaged("its initialisers lie outside of its code");
        }
    }
    for (start, size) in [(DT_INIT_ARRAY, DT_INIT_ARRAYSZ), (DT_FINI_ARRAY, DT_FINI_ARRAYSZ)] {
        let Some(address) = entries.get(start) else { continue };
        if !entries.get(size).is_some_and(|size| size % 8 == 0 && segments.is_loaded(address, size)) {
            return damaged("its list of initialisers lies outside of its segments");
        }
    }
    Ok(())
}
