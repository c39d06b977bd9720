//! Turns tensor programs into executables and dispatches
