//! `ropt-run inspect` and `devices`, and what the tool is made of.

mod support;

use std::process::Command;

use object::{Object, ObjectSymbol};
use support::{Fixture, TOOL, driver, ran};

#[test]
fn inspect_shows_functions_and_exports() {
    let fixture = Fixture::new();
    let text = fixture.run("inspect", &[]).ok();
    assert!(text.contains("add(tensor<?xf32>, tensor<?xf32>) -> (tensor<?xf32>)"), "{text}");
    assert!(text.contains("1: scale, 1 constants"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&fixture.run("inspect", &["--json"]).ok()).expect("JSON");
    assert_eq!(json["executables"][0]["variants"][0]["exports"][2]["name"], "ids");
}

fn devices(arguments: &[&str], plugins: &str) -> support::Ran {
    ran(Command::new(TOOL).arg("devices").args(arguments).env("ROPT_PLUGIN_PATH", plugins).output().expect("starts"))
}

#[test]
fn devices_are_listed() {
    let plugins = driver().display().to_string();
    let text = devices(&[], &plugins).ok();
    assert!(text.contains("cpu-sync") && text.contains("cpu-task"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&devices(&["--json"], &plugins).ok()).expect("JSON");
    assert_eq!(json["drivers"][0]["driver"], "cpu");
    assert!(json["drivers"][0]["devices"][0]["memory"].as_u64().is_some_and(|bytes| bytes > 0));
}

#[test]
fn a_plugin_that_cannot_be_used_says_why() {
    let fixture = Fixture::new();
    let bad = fixture.path("bad.so");
    std::fs::write(&bad, "no library").expect("writable");
    let text = devices(&[], &bad.display().to_string()).ok();
    assert!(text.contains("bad.so': not a readable ELF library"), "{text}");
    let error = devices(&[&format!("--load-plugin={}", bad.display())], "").fails_with(3);
    assert!(error.contains("cannot load plugin"), "{error}");
    let error = devices(&["--load-plugin=missing.so"], "").fails_with(1);
    assert!(error.contains("there is no plugin file 'missing.so'"), "{error}");
    let error = devices(&[&format!("--load-plugin={}", fixture.program.display())], "").fails_with(3);
    assert!(error.contains("it brings no driver"), "{error}");
    let twice = format!("--load-plugin={}", fixture.path("copy.so").display());
    std::fs::copy(driver(), fixture.path("copy.so")).expect("copies");
    let error = devices(&[&twice], &driver().display().to_string()).fails_with(3);
    assert!(error.contains("driver 'cpu' is in two plugins"), "{error}");
}

#[test]
fn the_tool_is_small_and_links_no_compiler() {
    let bytes = std::fs::read(TOOL).expect("was built");
    let file = object::File::parse(bytes.as_slice()).expect("an ELF file");
    assert!(bytes.len() < 8 << 20 || cfg!(debug_assertions), "{} bytes", bytes.len());
    let compiler = |name: &str| name.starts_with("mlir") || name.starts_with("LLVM");
    assert!(!file.dynamic_symbols().any(|symbol| symbol.name().is_ok_and(compiler)));
    for library in needed(&bytes) {
        assert!(!library.contains("MLIR") && !library.contains("LLVM") && !library.contains("ropt"), "{library}");
    }
    for library in needed(&std::fs::read(driver()).expect("was built")) {
        assert!(!library.contains("MLIR") && !library.contains("LLVM") && !library.contains("ropt"), "{library}");
    }
}

/// Names of DT_NEEDED.
fn needed(bytes: &[u8]) -> Vec<String> {
    use object::{
        Endianness, elf,
        read::elf::{Dyn, FileHeader, ProgramHeader},
    };
    let header = elf::FileHeader64::<Endianness>::parse(bytes).expect("an ELF file");
    let endian = header.endian().expect("known");
    let sections = header.sections(endian, bytes).expect("has sections");
    let segments = header.program_headers(endian, bytes).expect("has segments");
    let dynamic = segments.iter().find_map(|s| s.dynamic(endian, bytes).expect("readable")).expect("is dynamic");
    let strings = sections
        .iter()
        .find(|section| sections.section_name(endian, section).ok() == Some(b".dynstr"))
        .expect("has names");
    let data = object::read::elf::SectionHeader::data(strings, endian, bytes).expect("readable");
    dynamic
        .iter()
        .filter(|entry| entry.d_tag(endian) == elf::DT_NEEDED)
        .map(|entry| {
            let name = &data[entry.d_val(endian) as usize..];
            String::from_utf8_lossy(name.split(|&byte| byte == 0).next().unwrap_or_default()).into_owned()
        })
        .collect()
}
