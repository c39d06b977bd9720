//! The threads of each kernel's workgroups, which the CUDA target leaves in the PTX, or behind a cubin, as comments:
//!
//! ```text
//! // ropt.workgroup my_kernel 64 1 1
//! ```

/// What a line of these begins with.
const MARK: &str = "// ropt.workgroup ";

/// The lines that say workgroups: from the first on, everything is text.
pub(crate) fn marks(image: &[u8]) -> String {
    let start = image.windows(MARK.len()).position(|window| window == MARK.as_bytes()).unwrap_or(image.len());
    String::from_utf8_lossy(&image[start..]).into_owned()
}

/// The workgroup of a kernel; none: the text does not say.
pub(crate) fn workgroup(marks: &str, kernel: &str) -> Option<[u32; 3]> {
    let lines = marks.lines().filter_map(|line| line.strip_prefix(MARK));
    let mut found = lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        let extents: Vec<u32> = words.map(str::parse).collect::<Result<_, _>>().ok()?;
        (name == kernel).then(|| extents.try_into().ok())?
    });
    found.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kernel_has_its_own() {
        let text = ".version 6.3\n// ropt.workgroup a 64 1 1\n// ropt.workgroup b 8 4 2\n// ropt.workgroup c 1\n";
        assert_eq!(workgroup(text, "a"), Some([64, 1, 1]));
        assert_eq!(workgroup(text, "b"), Some([8, 4, 2]));
        assert_eq!(workgroup(text, "c"), None);
        assert_eq!(workgroup(text, "d"), None);
    }

    #[test]
    fn they_are_found_behind_machine_code() {
        let image = [b"\x7fELF\xff\0\n".as_slice(), b"// ropt.workgroup a 64 1 1\n"].concat();
        assert_eq!(workgroup(&marks(&image), "a"), Some([64, 1, 1]));
        assert_eq!(marks(b"\x7fELF"), "");
    }
}
