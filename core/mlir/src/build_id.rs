//! Which build of `libropt_mlir.so` this process runs.

use std::{ffi::c_void, sync::OnceLock};

/// The type of the note that the linker writes a digest of the whole file into.
const NT_GNU_BUILD_ID: u32 = 3;

/// The linker's digest of the library that holds the process's MLIR; None when it was linked without one.
pub fn build_id() -> Option<&'static [u8]> {
    static ID: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    ID.get_or_init(|| {
        let mut search = Search { address: mlir_sys::mlirContextCreate as *const () as usize, id: None };
        // SAFETY: the callback gets the search, during this call only.
        unsafe { libc::dl_iterate_phdr(Some(visit), (&raw mut search).cast()) };
        search.id
    })
    .as_deref()
}

struct Search {
    /// Somewhere in the library.
    address: usize,
    id: Option<Vec<u8>>,
}

/// Looks at one library of the process; 1 ends the search.
unsafe extern "C" fn visit(info: *mut libc::dl_phdr_info, _: usize, user: *mut c_void) -> i32 {
    // SAFETY: the loader's description is live during the call, and `user` is the search above.
    let (info, search) = unsafe { (&*info, &mut *user.cast::<Search>()) };
    // SAFETY: the loader gives pointer and count of the library's program headers.
    let headers = unsafe { std::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
    let base = info.dlpi_addr as usize;
    let range = |header: &libc::Elf64_Phdr| {
        let start = base.wrapping_add(header.p_vaddr as usize);
        start..start.wrapping_add(header.p_memsz as usize)
    };
    let holds = |header: &&libc::Elf64_Phdr| header.p_type == libc::PT_LOAD && range(header).contains(&search.address);
    if !headers.iter().any(|header| holds(&header)) {
        return 0;
    }
    for header in headers.iter().filter(|header| header.p_type == libc::PT_NOTE) {
        let notes = range(header);
        // SAFETY: a PT_NOTE segment lies in a loaded one, so its bytes are mapped for as long as the library is.
        let bytes = unsafe { std::slice::from_raw_parts(notes.start as *const u8, notes.len()) };
        search.id = search.id.take().or_else(|| build_id_in(bytes));
    }
    1
}

/// The digest among the notes of a segment.
fn build_id_in(mut notes: &[u8]) -> Option<Vec<u8>> {
    loop {
        let (header, rest) = notes.split_first_chunk::<12>()?;
        let word = |at: usize| header[at..].first_chunk().map_or(0, |bytes| u32::from_ne_bytes(*bytes));
        let (name_length, length, kind) = (word(0) as usize, word(4) as usize, word(8));
        let (name, rest) = rest.split_at_checked(name_length.next_multiple_of(4))?;
        let (value, rest) = rest.split_at_checked(length.next_multiple_of(4))?;
        if kind == NT_GNU_BUILD_ID && name.starts_with(b"GNU\0") {
            return value.get(..length).map(<[u8]>::to_vec);
        }
        notes = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_has_one() {
        assert!(build_id().is_some_and(|id| id.len() >= 8), "core/mlir/build.rs links with --build-id");
    }

    #[test]
    fn a_note_behind_another_one_is_found() {
        let note = |kind: u32, name: &[u8], value: &[u8]| {
            let mut bytes: Vec<u8> =
                [name.len() as u32, value.len() as u32, kind].iter().flat_map(|word| word.to_ne_bytes()).collect();
            for part in [name, value] {
                bytes.extend_from_slice(part);
                bytes.resize(bytes.len().next_multiple_of(4), 0);
            }
            bytes
        };
        let notes = [note(5, b"GNU\0", b"abcdef"), note(3, b"GNU\0", b"12345")].concat();
        assert_eq!(build_id_in(&notes), Some(b"12345".to_vec()));
        assert_eq!(build_id_in(&notes[..notes.len() - 8]), None);
        assert_eq!(build_id_in(&note(3, b"Xen\0", b"12345")), None);
    }
}
