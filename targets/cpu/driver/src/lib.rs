//! CPU driver: runs ELF kernels, sync or on a thread pool
