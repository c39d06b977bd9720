//! An ELF library before the loader sees it: a plugin, a program, a kernel.

use ropt_abi::{elf, manifest::read_manifest};

pub(crate) fn run(data: &[u8]) {
    let whole = elf::check(data);
    assert!(whole.is_err() || data.starts_with(b"\x7fELF"));
    assert!(elf::exported_functions(data).is_sorted());
    let _ = (elf::needed(data), elf::names_its_folder(data));
    if let Err(error) = read_manifest(data) {
        assert!(!error.to_string().is_empty());
    }
}
