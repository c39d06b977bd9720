//! The program of every target: libFuzzer around the function of its name.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ropt_fuzz::run(env!("CARGO_BIN_NAME"), data));
