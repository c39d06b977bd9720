//! Keeps the library loaded: it holds the machine's loader, which would be found by its name in its place.

fn main() {
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
