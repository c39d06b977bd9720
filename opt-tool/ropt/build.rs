//! The binary finds libropt_mlir.so beside itself, or in `../lib` of a distribution.

fn main() {
    println!("cargo::rustc-link-arg-bins=-Wl,-rpath,$ORIGIN:$ORIGIN/../lib");
    println!("cargo::rerun-if-changed=build.rs");
}
