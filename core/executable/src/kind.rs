//! What a file is, by its content; the name helps only where content cannot tell.

use crate::cubin::is_cubin;
use std::fmt;

/// A kind of file that can stand for an executable or one of its variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// MLIR text.
    Mlir,
    /// MLIR bytecode.
    MlirBytecode,
    /// An ELF file: an object, a library or a program.
    Elf,
    /// An `ar` archive.
    Archive,
    /// LLVM bitcode.
    Bitcode,
    /// LLVM IR as text.
    LlvmText,
    /// Assembly for a CPU.
    Assembly,
    /// C.
    C,
    /// PTX, NVIDIA's assembly text.
    Ptx,
    /// A cubin: machine code for NVIDIA's GPUs.
    Cubin,
    /// CUDA C++.
    Cuda,
    /// A compute shader in GLSL.
    Glsl,
    /// SPIR-V words, of either byte order.
    Spirv,
    /// An object of a form that a target has for itself, and alone can look into.
    Own,
}

impl FileKind {
    /// What `data` is. `name` is the file's name, for text whose kind its content does not show.
    #[must_use]
    pub fn of(name: &str, data: &[u8]) -> Option<Self> {
        let magic = |bytes: &[u8]| data.starts_with(bytes);
        if is_cubin(data) {
            return Some(Self::Cubin);
        }
        if magic(b"\x7fELF") {
            return Some(Self::Elf);
        }
        if magic(b"!<arch>\n") || magic(b"!<thin>\n") {
            return Some(Self::Archive);
        }
        if magic(b"BC\xC0\xDE") || magic(b"\xDE\xC0\x17\x0B") {
            return Some(Self::Bitcode);
        }
        if magic(b"ML\xEFR") {
            return Some(Self::MlirBytecode);
        }
        if magic(&0x0723_0203_u32.to_le_bytes()) || magic(&0x0723_0203_u32.to_be_bytes()) {
            return Some(Self::Spirv);
        }
        let text = std::str::from_utf8(data).ok().filter(|text| !text.contains('\0'))?;
        if is_ptx(text) {
            return Some(Self::Ptx);
        }
        Self::by_extension(name)
            .filter(|kind| matches!(kind, Self::Mlir | Self::LlvmText | Self::Ptx) || kind.is_source())
    }

    /// The kind that a name promises.
    #[must_use]
    pub fn by_extension(name: &str) -> Option<Self> {
        Some(match name.rsplit_once('.')?.1 {
            "mlir" => Self::Mlir,
            "mlirbc" => Self::MlirBytecode,
            "o" | "obj" | "so" => Self::Elf,
            "a" => Self::Archive,
            "bc" => Self::Bitcode,
            "ll" => Self::LlvmText,
            "s" | "S" => Self::Assembly,
            "c" => Self::C,
            "ptx" => Self::Ptx,
            "cubin" => Self::Cubin,
            "cu" => Self::Cuda,
            "comp" | "glsl" => Self::Glsl,
            "spv" => Self::Spirv,
            _ => return None,
        })
    }

    /// Whether the file holds IR that replaces an executable, rather than one variant's contents.
    #[must_use]
    pub fn is_ir(self) -> bool {
        matches!(self, Self::Mlir | Self::MlirBytecode)
    }

    /// Whether a compiler makes an object of it first.
    #[must_use]
    pub fn is_source(self) -> bool {
        matches!(self, Self::Assembly | Self::C | Self::Cuda | Self::Glsl)
    }

    /// Whether it is for GPUs, of which several architectures can take the same file.
    #[must_use]
    pub fn is_for_gpus(self) -> bool {
        matches!(self, Self::Ptx | Self::Cubin | Self::Cuda | Self::Spirv | Self::Glsl)
    }

    /// Whether a variant of that target can hold it as its contents.
    #[must_use]
    pub fn suits(self, backend: &str, format: &str) -> bool {
        match self {
            Self::Mlir | Self::MlirBytecode => true,
            Self::Elf | Self::Archive | Self::Bitcode | Self::LlvmText | Self::Assembly | Self::C => {
                backend == "llvm-cpu" || format.contains("-elf-")
            }
            Self::Ptx | Self::Cubin | Self::Cuda => backend == "cuda" || format.contains("ptx"),
            Self::Spirv | Self::Glsl => backend.starts_with("vulkan") || format.contains("spirv"),
            // Whoever knows the target's suffixes knows.
            Self::Own => false,
        }
    }

    /// The targets that [`FileKind::suits`] means, for messages.
    #[must_use]
    pub fn suited(self) -> &'static str {
        match self {
            Self::Ptx | Self::Cubin | Self::Cuda => "cuda",
            Self::Spirv | Self::Glsl => "vulkan",
            Self::Mlir | Self::MlirBytecode => "any",
            Self::Own => "",
            _ => "llvm-cpu",
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mlir => "MLIR text",
            Self::MlirBytecode => "MLIR bytecode",
            Self::Elf => "an ELF file",
            Self::Archive => "an archive",
            Self::Bitcode => "LLVM bitcode",
            Self::LlvmText => "LLVM IR",
            Self::Assembly => "assembly",
            Self::C => "C",
            Self::Ptx => "PTX",
            Self::Cubin => "a cubin",
            Self::Cuda => "CUDA C++",
            Self::Glsl => "GLSL",
            Self::Spirv => "SPIR-V",
            Self::Own => "an object of a target's own form",
        })
    }
}

/// PTX starts, after comments, with its version directive.
fn is_ptx(text: &str) -> bool {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//"));
    line.is_some_and(|line| line.strip_prefix(".version").is_some_and(|rest| rest.starts_with([' ', '\t'])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn content_goes_before_the_name() {
        assert_eq!(FileKind::of("x.mlir", b"\x7fELF\x02"), Some(FileKind::Elf));
        assert_eq!(FileKind::of("x.o", b"// made by hand\n.version 7.0\n.target sm_75\n"), Some(FileKind::Ptx));
        assert_eq!(FileKind::of("x.spv", &0x0723_0203_u32.to_be_bytes()), Some(FileKind::Spirv));
        assert_eq!(FileKind::of("x.mlir", b"hal.executable @x {}"), Some(FileKind::Mlir));
        assert_eq!(FileKind::of("x.c", b"int f(void);"), Some(FileKind::C));
        assert_eq!(FileKind::of("x.cu", b"__global__ void f() {}"), Some(FileKind::Cuda));
        assert_eq!(FileKind::of("x.comp", b"#version 450"), Some(FileKind::Glsl));
        assert_eq!(FileKind::of("x.cubin", b"#version 450"), None);
        assert_eq!(FileKind::of("x.o", b"garbage"), None);
        assert_eq!(FileKind::of("x.txt", b"hal.executable @x {}"), None);
        assert_eq!(FileKind::of("x.s", b"\xff\xfe"), None);
    }

    #[test]
    fn kinds_suit_their_targets() {
        assert!(FileKind::Elf.suits("llvm-cpu", "embedded-elf-x86_64"));
        assert!(!FileKind::Ptx.suits("llvm-cpu", "embedded-elf-x86_64"));
        assert!(FileKind::Ptx.suits("cuda", "cuda-nvptx-fb"));
        assert!(FileKind::Spirv.suits("vulkan-spirv", "vulkan-spirv-fb"));
        assert!(FileKind::Cuda.suits("cuda", "cuda-nvptx-fb") && !FileKind::Glsl.suits("cuda", "cuda-nvptx-fb"));
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_kind_or_none(name in ".{0,12}", data in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = FileKind::of(&name, &data);
        }
    }
}
