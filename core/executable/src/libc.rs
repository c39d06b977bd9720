//! What a kernel finds when it is loaded: libc and libm.

use libloading::Library;
use std::sync::OnceLock;

/// Whether libc or libm has a symbol of that name. True when neither can be asked.
#[must_use]
pub fn libc_has(name: &str) -> bool {
    static LIBM: OnceLock<Option<Library>> = OnceLock::new();
    // SAFETY: libm is part of the C library that this process runs on; loading it runs no foreign initialiser.
    let libm = LIBM.get_or_init(|| unsafe { Library::new("libm.so.6") }.ok());
    let Some(libm) = libm else { return true };
    // SAFETY: the symbol is only looked up, never used. A lookup in libm goes on to the libraries that it needs: libc.
    unsafe { libm.get::<*const ()>(name) }.is_ok()
}

#[cfg(test)]
mod tests {
    use super::libc_has;

    #[test]
    fn knows_the_c_library() {
        assert!(libc_has("memcpy") && libc_has("expf"));
        assert!(!libc_has("cblas_sgemm"));
    }
}
