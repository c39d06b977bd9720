//! One function for each parser of ours, which takes any bytes. A fuzzer calls it (`libfuzzer/`), and so does the test
//! that gives it every file of `corpus/` and `regressions/`.
//!
//! A function panics when the parser does, and when a property of the parser does not hold: what is printed is read
//! again, places lie in the text. Nothing here needs MLIR, reads files or runs what it parsed.

mod cache;
mod cubin;
mod input;
mod interface;
mod library;
mod manifest;
mod names;
mod npy;
mod object;
mod pipeline;
mod program;
mod program_table;
mod ptx;
mod settings;
mod spirv;
mod wire;

/// A parser under test.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: of the fuzzer's program, and of its folders of inputs.
    pub name: &'static str,
    /// Parses an input.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 16] = [
    Target { name: "cache", run: cache::run },
    Target { name: "cubin", run: cubin::run },
    Target { name: "input", run: input::run },
    Target { name: "interface", run: interface::run },
    Target { name: "library", run: library::run },
    Target { name: "manifest", run: manifest::run },
    Target { name: "names", run: names::run },
    Target { name: "npy", run: npy::run },
    Target { name: "object", run: object::run },
    Target { name: "pipeline", run: pipeline::run },
    Target { name: "program", run: program::run },
    Target { name: "program_table", run: program_table::run },
    Target { name: "ptx", run: ptx::run },
    Target { name: "settings", run: settings::run },
    Target { name: "spirv", run: spirv::run },
    Target { name: "wire", run: wire::run },
];

/// Gives an input to the target of that name.
///
/// # Panics
/// When there is no such target, and when the input is a crash.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("no target `{name}` in tests/fuzz/src/lib.rs")).run)(data);
}

/// What is read as text; other bytes are no input of a parser of text.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}
