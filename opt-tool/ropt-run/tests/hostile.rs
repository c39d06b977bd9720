//! Broken programs: always a message and exit code 1, never a signal.

mod support;

use proptest::prelude::*;
use support::{Fixture, compile_kernels, compile_program, manifest, tool};

/// Runs a function of the file, and inspects it; both must end with a message or succeed.
fn survive(bytes: &[u8], fixture: &Fixture) {
    let path = fixture.path("broken.so");
    std::fs::write(&path, bytes).expect("writable");
    for (command, arguments) in [("inspect", [].as_slice()), ("run", ["--function=ids"].as_slice())] {
        let ran = tool(command, &path, arguments);
        match ran.code {
            Some(0) => {}
            // A changed name or number can also be a function that does not exist.
            Some(1 | 2) => assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr),
            other => panic!("{command} ended with {other:?}: {}", ran.stderr),
        }
    }
}

#[test]
fn truncated_files() {
    let fixture = Fixture::new();
    let bytes = std::fs::read(&fixture.program).expect("was built");
    for cut in (0..40).map(|step| bytes.len() * step / 40).chain([1, 4, 16, 63, 64, 65, bytes.len() - 1]) {
        let path = fixture.path("cut.so");
        std::fs::write(&path, &bytes[..cut]).expect("writable");
        let error = tool("run", &path, &["--function=ids"]).fails_with(1);
        assert!(error.contains("cannot load program"), "{cut}: {error}");
    }
}

#[test]
fn other_files() {
    let fixture = Fixture::new();
    for (bytes, message) in [
        (b"".as_slice(), "not an ELF file (0 bytes)"),
        (b"module {}", "not an ELF file"),
        (&std::fs::read(support::driver()).expect("was built"), "no section .ropt.program"),
        (&std::fs::read(support::TOOL).expect("was built"), ""),
    ] {
        let path = fixture.path("other.so");
        std::fs::write(&path, bytes).expect("writable");
        let error = tool("run", &path, &[]).fails_with(1);
        assert!(error.contains(message), "{error}");
    }
    tool("run", &fixture.path("nowhere.so"), &[]).fails_with(1);
    tool("run", fixture.folder.path(), &[]).fails_with(1);
}

#[test]
fn a_driver_that_ends_the_process_is_named() {
    let fixture = Fixture::new();
    let plugin = support::driver().with_file_name("libwrong_driver.so");
    for (mistake, words) in [
        ("crash", "a crash in export 'ids' of executable"),
        ("crash-allocate", "a crash in "),
        ("exit", "an end of the process in executable"),
    ] {
        let (device, load) = (format!("--device=wrong:{mistake}"), format!("--load-plugin={}", plugin.display()));
        let error = tool("run", &fixture.program, &["--function=ids", &device, &load]).fails_with(1);
        assert!(error.contains(words), "{mistake}: {error}");
        assert!(error.contains(&format!("driver 'wrong' ('{}')", plugin.display())), "{mistake}: {error}");
    }
}

#[test]
fn wrong_manifests() {
    let fixture = Fixture::new();
    let kernels = compile_kernels(fixture.folder.path(), &[]);
    let manifest = manifest(&kernels);
    let size = std::fs::metadata(&kernels).expect("was built").len();
    for (from, to, message) in [
        (r#""version":1"#, r#""version":2"#.to_owned(), "version 2, this tool reads version 1"),
        (r#""version":1"#, r#""version":"#.to_owned(), "manifest is damaged"),
        (
            r#""symbol":"ropt_fn_ids""#,
            r#""symbol":"ropt_fn_sdi""#.to_owned(),
            "'ropt_fn_sdi' (function 'ids') is missing",
        ),
        (r#""symbol":"ropt_fn_ids""#, r#""symbol":"ropt_runtime""#.to_owned(), "'ropt_runtime' is not a function"),
        (r#""data":"ropt_exe_0_0""#, r#""data":"elsewhere""#.to_owned(), "symbol 'elsewhere'"),
        (&format!("\"size\":{size}"), format!("\"size\":{}", size + 1), "does not lie inside the file"),
        (&format!("\"size\":{size}"), format!("\"size\":{}", u64::MAX), "does not lie inside the file"),
        (&format!("\"size\":{size}"), format!("\"size\":{}", size / 2), "cut off"),
        (&format!("\"size\":{size}"), "\"size\":0".to_owned(), "not an ELF file"),
        ("tensor<3x2x4xi32>", "tensor<3x2x4xi4>".to_owned(), "which this tool does not know"),
        ("tensor<3x2x4xi32>", "tensor<3x2x5xi32>".to_owned(), "is not of its type"),
        (r#"{"name":"ids","symbol""#, r#"{"name":"add","symbol""#.to_owned(), "appears twice"),
        (
            r#"{"name":"ids","ordinal""#,
            r#"{"name":"sdi","ordinal""#.to_owned(),
            "has no function 'sdi'; it has 'aborts', 'add'",
        ),
        (r#"{"name":"ids","ordinal":2"#, r#"{"name":"ids","ordinal":4000000000"#.to_owned(), "ordinal 4000000000"),
        (r#"{"name":"ids","ordinal":2"#, r#"{"name":"ids","ordinal":77"#.to_owned(), "no export number 2"),
        ("embedded-elf", "cuda-nvptx".to_owned(), "no driver was found"),
    ] {
        let program = compile_program(fixture.folder.path(), &manifest.replacen(from, &to, 2), &kernels);
        let error = tool("run", &program, &["--function=ids"]).fails_with(1);
        assert!(error.contains(message), "{from} → {to}: {error}");
    }
}

#[test]
fn a_kernel_for_another_machine() {
    let fixture = Fixture::new();
    let kernels = compile_kernels(fixture.folder.path(), &[]);
    let text = manifest(&kernels);
    let mut bytes = std::fs::read(&kernels).expect("was built");
    bytes[18] = 243;
    std::fs::write(&kernels, &bytes).expect("writable");
    let program = compile_program(fixture.folder.path(), &text, &kernels);
    let error = tool("run", &program, &["--function=ids"]).fails_with(1);
    assert!(error.contains("executable 'kernels'") && error.contains("built for riscv"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Bytes of the ELF header, the program headers, and the tables at the end. Code is left alone: changed code is
    /// another program, which may do anything.
    #[test]
    fn changed_tables(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let fixture = Fixture::new();
        let mut bytes = std::fs::read(&fixture.program).expect("was built");
        let tail = bytes.len() - bytes.len() / 8;
        let places: Vec<usize> = (0..0x300).chain(tail..bytes.len()).collect();
        for (index, byte) in changes {
            bytes[places[index.index(places.len())]] = byte;
        }
        survive(&bytes, &fixture);
    }

    #[test]
    fn changed_manifests(changes in proptest::collection::vec((any::<prop::sample::Index>(), 32_u8..127), 1..4)) {
        let fixture = Fixture::new();
        let mut bytes = std::fs::read(&fixture.program).expect("was built");
        let start = bytes.windows(12).position(|window| window == br#"{"version":1"#).expect("has a manifest");
        let end = start + bytes[start..].iter().position(|&byte| byte == 0).unwrap_or(1000).min(2500);
        for (index, byte) in changes {
            bytes[start + index.index(end - start)] = byte;
        }
        survive(&bytes, &fixture);
    }
}
