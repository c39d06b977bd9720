//! The shared memory that a launch gives a workgroup, which the CUDA target leaves behind the kernels:
//!
//! ```text
//! // ropt.shared my_kernel 83456
//! ```

use cudarc::driver::sys;

/// What a line of these begins with.
const MARK: &[u8] = b"// ropt.shared ";

/// Bytes for each workgroup of a kernel, beyond what it declares itself.
pub(crate) fn local_memory(image: &[u8], kernel: &str) -> u32 {
    let lines = image.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(MARK));
    let mut found = lines.filter_map(|line| {
        let (name, bytes) = std::str::from_utf8(line).ok()?.trim_end_matches('\0').split_once(' ')?;
        (name == kernel).then(|| bytes.parse().ok())?
    });
    found.next().unwrap_or(0)
}

/// Lets a kernel be launched with that much; more than 48 KiB wants to be asked for.
pub(crate) fn allow(function: sys::CUfunction, bytes: u32) -> Result<(), cudarc::driver::DriverError> {
    if bytes == 0 {
        return Ok(());
    }
    let most = sys::CUfunction_attribute_enum::CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
    // SAFETY: the function is of a loaded module.
    unsafe { sys::cuFuncSetAttribute(function, most, bytes.cast_signed()) }.result()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kernel_has_its_own() {
        let text = b".version 6.3\n// ropt.workgroup a 64 1 1\n// ropt.shared a 65536\n// ropt.shared b x\n";
        assert_eq!(local_memory(text, "a"), 65536);
        assert_eq!(local_memory(text, "b"), 0);
        assert_eq!(local_memory(b"", "a"), 0);
    }
}
