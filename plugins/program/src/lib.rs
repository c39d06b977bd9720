//! Lowers host code and emits the program
