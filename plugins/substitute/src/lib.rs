//! Puts edited or hand-written executables back
