//! The threads of each kernel's workgroups, which the CUDA target leaves in the PTX as comments:
//!
//! ```text
//! // ropt.workgroup my_kernel 64 1 1
//! ```

/// What a line of these begins with.
const MARK: &str = "// ropt.workgroup ";

/// The workgroup of a kernel; none: the text does not say.
pub(crate) fn workgroup(ptx: &str, kernel: &str) -> Option<[u32; 3]> {
    let lines = ptx.lines().filter_map(|line| line.strip_prefix(MARK));
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
}
