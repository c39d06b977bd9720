//! What cannot run in this process is refused from the file alone. Each plugin here is a real library with a manifest
//! and with code that would run as soon as it is loaded: it writes a file, which must not be there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ROPT: &str = env!("CARGO_BIN_EXE_ropt");

/// A plugin's header as the SDK writes it.
#[derive(Clone)]
struct Header {
    abi: String,
    mlir: String,
    sanitizer: &'static str,
}

impl Header {
    /// One that this ropt takes.
    fn fitting() -> Self {
        let output = Command::new(ROPT).arg("--version").output().expect("ropt runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let word = |key: &str| {
            let behind = text.split_once(key).map(|(_, rest)| rest.trim_start_matches([':', ' ']));
            behind.and_then(|rest| rest.split([' ', ',', '\n', ';', ')']).next()).unwrap_or_default().to_owned()
        };
        let abi = word("ABI");
        let major = abi.split('.').next().unwrap_or_default();
        Self { mlir: format!("{}+abi{major}", word("MLIR")), abi: abi.clone(), sanitizer: "" }
    }

    fn records(&self) -> String {
        let Self { abi, mlir, sanitizer } = self;
        format!(
            "{{\"plugin\":\"vendor\",\"abi\":\"{abi}\",\"mlir\":\"{mlir}\",\"sdk\":\"0.1.0\",\"rustc\":\"rustc 1.95.0\",\
             \"sanitizer\":\"{sanitizer}\"}}"
        )
    }
}

struct Case {
    folder: tempfile::TempDir,
    header: Header,
    pass: &'static str,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder, header: Header::fitting(), pass: "vendor-pass" }
    }

    fn with(mut self, change: impl FnOnce(&mut Header)) -> Self {
        change(&mut self.header);
        self
    }

    fn mark(&self) -> PathBuf {
        self.folder.path().join("ran")
    }

    /// Compiles and links the plugin; `code` is C that stands in it.
    fn plugin(&self, code: &str, arguments: &[&str]) -> PathBuf {
        let (source, plugin) = (self.folder.path().join("vendor.c"), self.folder.path().join("vendor.so"));
        let bytes = |text: &str| text.bytes().map(|byte| format!("{byte},")).collect::<String>();
        let pass = format!("{{\"pass\":\"{}\",\"anchor\":\"builtin.module\"}}", self.pass);
        // Without the system's headers and libraries, which are not there for other machines.
        let text = format!(
            "__attribute__((section(\"ropt_manifest\"), used)) const char manifest[] = {{{}0,{}0}};\n\
             int creat(const char *, unsigned);\n\
             __attribute__((constructor)) static void run(void) {{ creat(\"{}\", 0600); }}\n{code}\n",
            bytes(&self.header.records()),
            bytes(&pass),
            self.mark().display()
        );
        fs::write(&source, text).expect("the source is written");
        let mut clang = Command::new("clang-22");
        clang.args(["-O1", "-shared", "-fPIC", "-nostdlib", "-fuse-ld=lld", "-o"]).arg(&plugin).arg(&source);
        let done = clang.args(arguments).output().expect("clang-22 is part of the set-up");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        plugin
    }

    fn run(&self, plugin: &Path) -> Output {
        let input = self.folder.path().join("in.mlir");
        fs::write(&input, "module { }\n").expect("the input is written");
        let load = format!("--load-plugin={}", plugin.display());
        Command::new(ROPT).arg(input).args([&load, "--vendor-pass"]).output().expect("ropt runs")
    }

    /// The plugin is refused in one sentence that holds `says`, and none of its code has run.
    fn refused(&self, plugin: &Path, says: &str) {
        let output = self.run(plugin);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{errors}");
        assert_eq!(errors.trim_end().lines().count(), 1, "{errors}");
        assert!(errors.contains(says), "wanted `{says}` in\n{errors}");
        assert!(errors.contains("vendor.so"), "the file is not named in\n{errors}");
        assert!(output.stdout.is_empty(), "nothing is printed");
        assert!(!self.mark().exists(), "code of the plugin ran:\n{errors}");
    }
}

/// `-l:libropt_mlir.so…`, as a plugin links it.
fn linked() -> [String; 3] {
    let folder = Path::new(ROPT).parent().expect("a folder");
    [format!("-L{}", folder.display()), "-Wl,--no-as-needed".to_owned(), "-lropt_mlir".to_owned()]
}

const MLIR_USE: &str = "void *mlirContextCreate(void); void *vendor(void) { return mlirContextCreate(); }";

/// The other cases would pass with a plugin that never runs: this one is loaded, and refused by what it lacks.
#[test]
fn a_fitting_plugin_is_loaded() {
    let case = Case::new();
    let [folder, all, library] = &linked();
    let plugin = case.plugin(MLIR_USE, &[folder, all, library]);
    let output = case.run(&plugin);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(case.mark().exists(), "its constructor did not run:\n{errors}");
    assert_eq!(output.status.code(), Some(3), "{errors}");
    assert!(errors.contains("vendor.so: it exports no tables: `ropt_plugin::plugin!` makes them"), "{errors}");
}

#[test]
fn what_the_loader_misses_is_named() {
    let case = Case::new();
    let [folder, all, library] = &linked();
    let code = format!("{MLIR_USE} void nowhere(void); void (*const missed)(void) = nowhere;");
    let plugin = case.plugin(&code, &[folder, all, library]);
    case.refused(&plugin, "vendor.so: undefined symbol: nowhere");
}

#[test]
fn another_major_version_of_the_abi() {
    let case = Case::new().with(|header| header.abi = "2.0".to_owned());
    case.refused(&case.plugin("", &[]), "built for plugin ABI 2.0, this host speaks 1.");
}

#[test]
fn another_mlir() {
    let case = Case::new().with(|header| header.mlir = "21.1.0+abi1".to_owned());
    case.refused(&case.plugin("", &[]), "was built with MLIR 21.1.0+abi1, this ropt has 22.");
}

#[test]
fn a_copy_of_mlir_that_others_can_see() {
    let case = Case::new();
    let [folder, all, library] = &linked();
    let code = "void *mlirContextCreate(void) { return 0; }";
    case.refused(
        &case.plugin(code, &[folder, all, library]),
        "contains its own copy of MLIR: it defines mlirContextCreate",
    );
}

#[test]
fn a_copy_of_mlir_that_is_hidden() {
    let case = Case::new();
    let [folder, all, library] = &linked();
    let code = "__attribute__((visibility(\"hidden\"), noinline)) void *mlirContextCreate(void) { return 0; }\n\
                void *vendor(void) { return mlirContextCreate(); }";
    case.refused(
        &case.plugin(code, &[folder, all, library]),
        "contains its own copy of MLIR: it defines mlirContextCreate",
    );
}

/// Without its table of local symbols, it still does not link what it was built with.
#[test]
fn a_copy_of_mlir_without_symbols() {
    let case = Case::new();
    let code = "__attribute__((visibility(\"hidden\"), noinline)) void *mlirContextCreate(void) { return 0; }\n\
                void *vendor(void) { return mlirContextCreate(); }";
    case.refused(&case.plugin(code, &["-Wl,-s"]), "contains its own copy of MLIR: it does not link libropt_mlir.so.");
}

/// LLVM would end the process: each pass is a flag as well.
#[test]
fn a_pass_with_the_name_of_a_flag_or_pass_of_mlir() {
    for (pass, kind) in
        [("color", "flag"), ("help", "flag"), ("o", "flag"), ("split-input-file", "flag"), ("cse", "pass")]
    {
        let case = Case { pass, ..Case::new() };
        let output = case.run(&case.plugin("", &[]));
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{errors}");
        assert!(errors.starts_with(&format!("error: pass `{pass}` of plugin ")), "{errors}");
        assert!(errors.contains(&format!("has the name of a {kind} of MLIR")), "{errors}");
        assert!(errors.contains("vendor.so") && !case.mark().exists(), "{errors}");
    }
}

/// Every command reads every manifest of a folder, so such a plugin must not be the end of commands that are not about it.
#[test]
fn a_pass_called_as_one_of_mlirs_costs_only_its_plugin_in_a_folder() {
    for (pass, kind) in [("mlir-timing", "flag"), ("canonicalize", "pass")] {
        let case = Case { pass, ..Case::new() };
        let plugin = case.plugin("", &[]);
        let input = case.folder.path().join("in.mlir");
        fs::write(&input, "module { }\n").expect("the input is written");
        let ropt = |arguments: &[&str]| {
            let mut ropt = Command::new(ROPT);
            let output = ropt.env("ROPT_PLUGIN_PATH", &plugin).args(arguments).output().expect("ropt runs");
            let [out, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
            (output.status.code(), out, errors)
        };
        let said = format!("pass `{pass}` of plugin {} has the name of a {kind} of MLIR", plugin.display());
        let (code, out, errors) = ropt(&[input.to_str().expect("plain"), "--canonicalize"]);
        assert_eq!((code, errors.matches(&said).count()), (Some(0), 1), "{errors}");
        assert!(errors.starts_with("warning: ") && out.contains("module"), "{out}{errors}");
        let (code, list, errors) = ropt(&["plugins", "list"]);
        assert!(code == Some(0) && errors.contains(&said) && !list.contains("vendor"), "{list}{errors}");
        let (code, report, _) = ropt(&["plugins", "doctor"]);
        assert!(code == Some(3) && report.contains("refused      vendor.so") && report.contains(&said), "{report}");
        assert!(!case.mark().exists(), "code of the plugin ran");
    }
}

/// MLIR's own archives in it, hidden and stripped, next to the host's library.
#[test]
fn a_real_copy_of_mlir() {
    let case = Case::new();
    let (source, object) = (case.folder.path().join("own.cpp"), case.folder.path().join("own.o"));
    let prefix = std::env::var("ROPT_LLVM_PREFIX").unwrap_or("/usr/lib/llvm-22".to_owned());
    let code =
        "#include \"mlir/IR/MLIRContext.h\"\nextern \"C\" void *vendor(void) { return new mlir::MLIRContext(); }\n";
    fs::write(&source, code).expect("the source is written");
    let mut clang = Command::new("clang++-22");
    clang.args(["-std=c++17", "-O1", "-fPIC", "-fno-rtti", "-c", &format!("-I{prefix}/include"), "-o"]);
    let done = clang.arg(&object).arg(&source).output().expect("clang++-22 is part of the set-up");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let [folder, all, library] = &linked();
    let archives = ["IR", "Support"].map(|name| format!("{prefix}/lib/libMLIR{name}.a"));
    let llvm = ["Support", "Demangle"].map(|name| format!("{prefix}/lib/libLLVM{name}.a"));
    let mut arguments = vec![object.to_str().expect("plain"), "-Wl,--exclude-libs,ALL", "-Wl,-s"];
    arguments.extend(archives.iter().chain(&llvm).map(String::as_str));
    arguments.extend([folder, all, library, "-Wl,--unresolved-symbols=ignore-all"].map(|word| word as &str));
    let plugin = case.plugin("", &arguments);
    assert!(fs::metadata(&plugin).expect("it was linked").len() > 500_000, "MLIR is not in it");
    case.refused(&plugin, "contains its own copy of MLIR: it has the words of MLIR's context in it");
}

/// The manifest does not know of it, the code does.
#[test]
fn a_real_sanitizer() {
    for (sanitizer, code) in [
        ("address", "int values[4]; int vendor(int i) { return values[i]; }"),
        ("thread", "int value; int vendor(void) { return value; }"),
    ] {
        let case = Case::new();
        let plugin = case.plugin(code, &[&format!("-fsanitize={sanitizer}"), "-fno-sanitize-link-runtime"]);
        case.refused(&plugin, &format!("built with the sanitizer `{sanitizer}`"));
    }
}

#[test]
fn another_sanitizer() {
    let case = Case::new().with(|header| header.sanitizer = "address");
    case.refused(&case.plugin("", &[]), "built with the sanitizer `address`");
}

#[test]
fn other_machines() {
    for (triple, name) in [
        ("aarch64-linux-gnu", "aarch64"),
        ("powerpc64le-linux-gnu", "powerpc64"),
        ("riscv64-linux-gnu", "riscv64"),
        ("i386-linux-gnu", "i386"),
    ] {
        let case = Case::new();
        let plugin = case.plugin("", &[&format!("--target={triple}")]);
        case.refused(&plugin, &format!("built for {name}, this machine is {}", std::env::consts::ARCH));
    }
}
