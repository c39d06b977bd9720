//! The one MLIR of the process: our dialects, a thin shim, safe wrappers
