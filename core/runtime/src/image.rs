//! A program's image, opened from memory by the system's loader.

use std::{
    ffi::{CStr, CString, c_void},
    io::Write,
    os::fd::{AsRawFd, FromRawFd, OwnedFd},
};

/// An open shared object; closed when dropped.
pub(crate) struct Image(*mut c_void);

impl Image {
    /// Opens a copy of the bytes. Two images of the same bytes share nothing.
    pub(crate) fn open(label: &str, bytes: &[u8]) -> Result<Self, String> {
        let label = CString::new(format!("ropt:{label}").replace('\0', "?")).unwrap_or_default();
        // SAFETY: the label ends with NUL.
        let fd = unsafe { libc::memfd_create(label.as_ptr(), libc::MFD_CLOEXEC) };
        if fd < 0 {
            return Err(format!("no file in memory: {}", std::io::Error::last_os_error()));
        }
        // SAFETY: the descriptor was just made and is nobody else's.
        let mut file = std::fs::File::from(unsafe { OwnedFd::from_raw_fd(fd) });
        file.write_all(bytes).map_err(|error| format!("no file in memory: {error}"))?;
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        let c_path = CString::new(path.as_str()).unwrap_or_default();
        // SAFETY: a path; its initialisers run, as they must for a program that the user runs.
        let handle = unsafe { libc::dlopen(c_path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() {
            return Err(loader_error().replace(&format!("{path}: "), ""));
        }
        Ok(Self(handle))
    }

    /// Address of a symbol.
    pub(crate) fn symbol(&self, name: &str) -> Option<*mut c_void> {
        let name = CString::new(name).ok()?;
        // SAFETY: the handle is open, the name ends with NUL.
        let address = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        (!address.is_null()).then_some(address)
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and nothing in the image runs any more.
        unsafe { libc::dlclose(self.0) };
    }
}

fn loader_error() -> String {
    // SAFETY: called on the thread whose dlopen failed; the text is copied at once.
    unsafe {
        let text = libc::dlerror();
        if text.is_null() { "unknown reason".to_owned() } else { CStr::from_ptr(text).to_string_lossy().into_owned() }
    }
}
