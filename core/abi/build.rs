//! Records the sanitizer that this process is built with; a plugin with another one cannot be loaded into it.

use std::env;

fn main() {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let sanitizer = flags.split('\x1f').find_map(|flag| flag.split_once("sanitizer=").map(|(_, name)| name));
    println!("cargo::rustc-env=ROPT_SANITIZER={}", sanitizer.unwrap_or_default());
    println!("cargo::rerun-if-changed=build.rs");
}
