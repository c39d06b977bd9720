//! The SDK: write a pass, a target or a driver
