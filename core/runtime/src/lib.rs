//! Loads compiled programs and drives devices
