//! Writes executables to files
