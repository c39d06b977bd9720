//! A file that stands for a variant: what kind it is, and what an object or an archive of them holds.

use ropt_executable::{FileKind, object::ObjectFile};

pub(crate) fn run(data: &[u8]) {
    let _ = FileKind::of("file", data);
    if let Ok(object) = ObjectFile::read(data) {
        assert!(object.functions.is_sorted() && object.defined.is_sorted() && object.undefined.is_sorted());
    }
}
