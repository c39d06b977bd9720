//! What a build needs of a machine. The one list: Debian's package, and how to see without dpkg that it is there.

use std::path::{Path, PathBuf};

use crate::process::{command, succeeds};

/// How a requirement is found where there is no dpkg.
pub(crate) enum Probe {
    /// A file under LLVM's prefix.
    Prefix(&'static str),
    /// A program on PATH that answers `--version`.
    Program(&'static str),
    /// A C header that the compiler finds.
    Header(&'static str),
}

pub(crate) struct Requirement {
    pub(crate) debian: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) probe: Probe,
}

const fn need(debian: &'static str, purpose: &'static str, probe: Probe) -> Requirement {
    Requirement { debian, purpose, probe }
}

/// In the order in which a person would look for them.
pub(crate) const REQUIREMENTS: &[Requirement] = &[
    need("llvm-22-dev", "LLVM's static archives and headers", Probe::Prefix("lib/libLLVMCore.a")),
    need("llvm-22-tools", "FileCheck, not, count", Probe::Prefix("bin/FileCheck")),
    need("libmlir-22-dev", "MLIR's static archives and headers", Probe::Prefix("lib/libMLIRCAPIIR.a")),
    need("mlir-22-tools", "mlir-tblgen, mlir-opt", Probe::Prefix("bin/mlir-tblgen")),
    need("clang-22", "compiles the dialects and the shim; kernels written in C", Probe::Program("clang++-22")),
    need("libclang-22-dev", "bindgen of mlir-sys", Probe::Prefix("lib/libclang.so")),
    need("lld-22", "links libropt_mlir.so", Probe::Program("ld.lld-22")),
    need("liblld-22-dev", "the linker inside libropt_mlir.so", Probe::Prefix("lib/liblldELF.a")),
    need("libpolly-22-dev", "named by LLVM's CMake files", Probe::Prefix("lib/libPolly.a")),
    need("libzstd-dev", "a library of LLVM", Probe::Header("zstd.h")),
    need("zlib1g-dev", "a library of LLVM", Probe::Header("zlib.h")),
    need("libxml2-dev", "a library of LLVM", Probe::Header("libxml2/libxml/parser.h")),
    need("libz3-dev", "a library of LLVM", Probe::Header("z3.h")),
    need("libffi-dev", "a library of LLVM", Probe::Header("ffi.h")),
    need("libedit-dev", "a library of LLVM", Probe::Header("histedit.h")),
    need("libncurses-dev", "a library of LLVM", Probe::Header("curses.h")),
    need("libc6-dev", "C headers and start files", Probe::Header("stdio.h")),
    need("gcc", "rustc links with it", Probe::Program("cc")),
    need("g++", "C++ headers", Probe::Program("g++")),
    need("libvulkan1", "the Vulkan loader", Probe::Prefix("../../lib/x86_64-linux-gnu/libvulkan.so.1")),
    need("mesa-vulkan-drivers", "a Vulkan device on any machine, for the tests", Probe::Program("vulkaninfo")),
    need("glslang-tools", "compiles GLSL kernels in the tests", Probe::Program("glslangValidator")),
    need("spirv-tools", "checks SPIR-V in the tests", Probe::Program("spirv-val")),
    need("python3", "end-to-end tests", Probe::Program("python3")),
    need("python3-venv", "the virtual environment of the tests (numpy, lit)", Probe::Program("python3")),
];

/// Where LLVM and MLIR 22 lie; core/mlir/build.rs reads the same variable.
pub(crate) fn prefix() -> PathBuf {
    std::env::var_os("ROPT_LLVM_PREFIX").map_or_else(|| PathBuf::from("/usr/lib/llvm-22"), PathBuf::from)
}

impl Requirement {
    /// Looks for it without asking a package manager.
    pub(crate) fn is_there(&self) -> bool {
        match self.probe {
            Probe::Prefix(file) => prefix().join(file).exists(),
            Probe::Program(name) => succeeds(command(name).arg("--version")),
            Probe::Header(name) => {
                let multiarch = format!("/usr/include/{}-linux-gnu", std::env::consts::ARCH);
                ["/usr/include", "/usr/local/include", &multiarch].iter().any(|dir| Path::new(dir).join(name).exists())
            }
        }
    }

    /// The probe in words.
    pub(crate) fn sought(&self) -> String {
        match self.probe {
            Probe::Prefix(file) => prefix().join(file).display().to_string(),
            Probe::Program(name) => format!("`{name}` on PATH"),
            Probe::Header(name) => format!("the header <{name}>"),
        }
    }
}
