//! C strings in and out of LLVM.

use std::ffi::{CStr, CString, c_char};

use llvm_sys::core::LLVMDisposeMessage;

use super::LlvmError;

/// A C string, or an error that shows the text.
pub(super) fn c_string(text: &str) -> Result<CString, LlvmError> {
    CString::new(text).map_err(|_| LlvmError::Nul(text.replace('\0', "\\0")))
}

/// Takes a message that LLVM allocated; empty when there is none.
///
/// # Safety
/// `message` is null or came from LLVM's C API and was not disposed of.
pub(super) unsafe fn take_message(message: *mut c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: the caller promises a NUL-terminated string of LLVM's.
    let text = unsafe { CStr::from_ptr(message) }.to_string_lossy().trim_end().to_owned();
    // SAFETY: the string is LLVM's and is not used again.
    unsafe { LLVMDisposeMessage(message) };
    text
}
