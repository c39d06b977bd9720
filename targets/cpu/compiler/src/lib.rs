//! CPU target: compiles kernels to ELF objects
