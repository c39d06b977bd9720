//! Opening an ELF library from memory: kernels and programs come out of other files.
//!
//! The bytes go to a file without a place in the file system, which the system's loader opens through its descriptor.

use std::{
    ffi::{CStr, CString, c_void},
    io::{self, Write},
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    sync::Once,
};

/// An open library; closed when dropped.
#[derive(Debug)]
pub struct Library(*mut c_void);

impl Library {
    /// Opens a copy of the bytes, which [`crate::elf::check`] has found whole; the label is for debuggers. Two libraries
    /// of the same bytes share nothing. Runs the library's initialisers.
    ///
    /// # Errors
    /// The loader's words.
    pub fn open(label: &str, bytes: &[u8]) -> Result<Self, String> {
        add_system_libraries();
        let label = CString::new(format!("ropt:{label}").replace('\0', "?")).unwrap_or_default();
        let (path, _file) = memory_file(&label, bytes).map_err(|error| format!("no file in memory: {error}"))?;
        let c_path = CString::new(path.as_str()).unwrap_or_default();
        // SAFETY: a path; its initialisers run, as they must for code that the user runs.
        let handle = unsafe { libc::dlopen(c_path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() {
            return Err(loader_error().replace(&format!("{path}: "), ""));
        }
        Ok(Self(handle))
    }

    /// Address of a symbol, as long as the library is open.
    #[must_use]
    pub fn symbol(&self, name: &str) -> Option<*mut c_void> {
        let name = CString::new(name).ok()?;
        // SAFETY: the handle is open, the name ends with NUL.
        let address = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        (!address.is_null()).then_some(address)
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // SAFETY: the handle is open; the owner has stopped running what is in it.
        unsafe { libc::dlclose(self.0) };
    }
}

/// Kernels and programs use libm, and the compiler's helpers for narrow floats, without naming the libraries.
fn add_system_libraries() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for library in [c"libm.so.6", c"libgcc_s.so.1"] {
            // SAFETY: a system library. Where it is missing, code that needs it is refused by the symbol's name.
            unsafe { libc::dlopen(library.as_ptr(), libc::RTLD_NOW | libc::RTLD_GLOBAL) };
        }
    });
}

/// A file with the bytes, and a path to it that no other library was opened by.
///
/// The loader takes a path that it knows for the library it knows, and descriptors are used again. So the path spells
/// the file's number in slashes: `/` and `//` mean the same to the system, but not to the loader.
fn memory_file(label: &CStr, bytes: &[u8]) -> io::Result<(String, std::fs::File)> {
    // SAFETY: the label ends with NUL.
    let fd = unsafe { libc::memfd_create(label.as_ptr(), libc::MFD_CLOEXEC) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor was just made and is nobody else's.
    let mut file = std::fs::File::from(unsafe { OwnedFd::from_raw_fd(fd) });
    file.write_all(bytes)?;
    let mut number = file.metadata()?.ino();
    let mut path = "/proc/self/fd/".to_owned();
    while number != 0 {
        path.push_str(if number & 1 == 0 { "./" } else { ".//" });
        number >>= 1;
    }
    path.push_str(&file.as_raw_fd().to_string());
    Ok((path, file))
}

fn loader_error() -> String {
    // SAFETY: called on the thread whose dlopen failed; the text is copied at once.
    unsafe {
        let text = libc::dlerror();
        if text.is_null() { "unknown reason".to_owned() } else { CStr::from_ptr(text).to_string_lossy().into_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_to_memory_differ_though_descriptors_do_not() {
        let path = || memory_file(c"test", b"x").expect("made").0;
        let (first, second) = (path(), path());
        assert_ne!(first, second);
    }

    #[test]
    fn what_the_loader_refuses_is_a_sentence() {
        assert_eq!(Library::open("test", b"x").expect_err("no library"), "file too short");
    }
}
