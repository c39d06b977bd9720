//! Names and matching, interfaces, reading executable objects
