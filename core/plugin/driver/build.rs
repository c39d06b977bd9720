//! Records the compiler, which the manifest of every plugin names.

use std::{env, process::Command};

fn main() {
    let rustc = env::var("RUSTC").unwrap_or("rustc".into());
    let version = Command::new(rustc).arg("--version").output();
    let version = version.map(|out| String::from_utf8_lossy(&out.stdout).trim().replace('"', "'"));
    println!("cargo::rustc-env=ROPT_RUSTC_VERSION={}", version.unwrap_or_default());
    println!("cargo::rerun-if-changed=build.rs");
}
